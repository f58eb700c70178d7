"""What a text looks like, whatever its letters are made of: so that a word is found in each of its disguises."""

import re
import unicodedata
from functools import lru_cache
from html import unescape

from core.text.name_keys import SAME_SHAPE_TOGETHER, shape_of_letter

_EMPHASIS = "*_~`\\"  # stands inside words and is not seen


def folded(text: str) -> str:
    """Its words as they look, a blank between two. In time that grows with the text and no more."""
    plain = unicodedata.normalize("NFKD", unescape(text)).casefold()
    shaped = plain.translate(_ASCII) if plain.isascii() else "".join(map(_seen, plain))
    for letters, letter in SAME_SHAPE_TOGETHER:
        shaped = shaped.replace(letters, letter)
    return " ".join(shaped.split())


def squeezed(text: str) -> str:
    """Without the blanks."""
    return text.replace(" ", "")


def without_digits(text: str) -> str:
    return re.sub(r"\d", "", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=50_000)
def _seen(letter: str) -> str:
    """The plain letter that it looks like; nothing for what is not seen, a blank for what parts words."""
    if letter in _EMPHASIS:
        return ""
    kind = unicodedata.category(letter)
    # Accents go, but not the vowels that in many scripts are marks too.
    if kind in ("Cf", "Me") or "\u0300" <= letter <= "\u036f" or "\ufe00" <= letter <= "\ufe0f":
        return ""
    return shape_of_letter(letter) if kind[0] in "LNM" else " "


_ASCII = {code: _seen(chr(code)) for code in range(128)}
