"""Reduces a text to what it looks like, so that disguised words are found."""

import re
import unicodedata
from functools import lru_cache
from html import unescape

from core.text.name_keys import SAME_SHAPE_TOGETHER, shape_of_letter

_EMPHASIS = "*_~`\\"  # Markdown that is invisible inside words


def normalize(text: str) -> str:
    """Returns the words as they look, separated by single spaces. Takes linear time."""
    plain = unicodedata.normalize("NFKD", unescape(text)).casefold()
    shaped = plain.translate(_ASCII) if plain.isascii() else "".join(map(_plain_letter, plain))
    for letters, letter in SAME_SHAPE_TOGETHER:
        shaped = shaped.replace(letters, letter)
    return " ".join(shaped.split())


def without_spaces(text: str) -> str:
    """Returns the text without spaces."""
    return text.replace(" ", "")


def without_digits(text: str) -> str:
    return re.sub(r"\d", "", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=50_000)
def _plain_letter(letter: str) -> str:
    """Returns the plain letter that it looks like: nothing for invisible characters, a space for separators."""
    if letter in _EMPHASIS:
        return ""
    kind = unicodedata.category(letter)
    # Removes accents, but not the vowel signs of many scripts, which are marks too.
    if kind in ("Cf", "Me") or "\u0300" <= letter <= "\u036f" or "\ufe00" <= letter <= "\ufe0f":
        return ""
    return shape_of_letter(letter) if kind[0] in "LNM" else " "


_ASCII = {code: _plain_letter(chr(code)) for code in range(128)}
