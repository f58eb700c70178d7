"""Normalizes typed text before parsing: one kind of line end, no characters that hide or reorder others."""

import re
import unicodedata

MAX_MARKS = 8  # no script needs more, and sorting thousands of them is quadratic
# Private use characters, which never occur in normalized text:
STAND_INS = "\uf5d0\uf5d1\uf5d2"  # used by core/text/sanitize.py
CUT = "\uf5d3"  # separates quotes from the text

_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
# Surrogates, Unicode noncharacters, and the private use characters above.
_NO_CHARACTERS = re.compile(
    "[\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + f"{STAND_INS}{CUT}]"
)
# Controls, zero-width and invisible characters, bidi overrides and isolates. The joiners U+200C and U+200D
# stay (Persian and emoji are spelt with them), and so do the plain direction marks U+200E and U+200F.
_DANGEROUS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001]"
)


def normalize(text: str) -> str:
    """Returns the normal form of `text`. Normalizing twice changes nothing more."""
    text = _LINE_ENDS.sub("\n", text)
    text = _NO_CHARACTERS.sub("\ufffd", text)
    text = _DANGEROUS.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", _limit_marks(text))
    return text


def typed_lines(text: str) -> list[str]:
    """Returns the lines of the typed text, split like normalized text."""
    return _LINE_ENDS.sub("\n", text).split("\n")


def _limit_marks(text: str) -> str:
    letters = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= MAX_MARKS:
            letters.append(letter)
    return "".join(letters)
