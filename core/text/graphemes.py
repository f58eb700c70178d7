"""Cuts texts between graphemes: never inside a flag, an emoji family, or a letter with its vowel signs.

These are the extended grapheme clusters of Unicode, found with the properties that Python has. Python has no emoji
table, so anything after a joiner stays with it (the standard requires emoji on both sides), and consonants are joined
after any virama (the standard does so for some scripts). Both keep slightly more together, never less.
"""

import unicodedata

JOINERS = "\u200c\u200d"
_ALSO_MARKS = frozenset("\u0e33\u0eb3\uff9e\uff9f")  # marks, although Unicode's category is letter
_VIRAMA = 9  # its combining class


def truncate(text: str, max_length: int) -> str:
    """Returns the first whole graphemes within `max_length` code points; part of the first one if it is longer."""
    if len(text) <= max_length:
        return text
    at = max_length
    while at > 0 and not is_boundary(text, at):
        at -= 1
    return text[: at or max_length]


def truncate_with_ellipsis(text: str, max_length: int, sign: str = "…") -> str:
    """Returns the text, or its beginning with an ellipsis if it is longer than `max_length`."""
    return text if len(text) <= max_length else truncate(text, max_length - len(sign)).rstrip() + sign


def first_grapheme(text: str) -> str:
    """Returns the first grapheme."""
    at = 1
    while at < len(text) and not is_boundary(text, at):
        at += 1
    return text[:at]


def is_boundary(text: str, at: int) -> bool:
    """Can the text be cut before this index?"""
    if not 0 < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    if before == "\r" and after == "\n":
        return False
    if _is_control(before) or _is_control(after):
        return True
    if _continues(after) or before == "\u200d" or _is_prepended(before):
        return False
    if unicodedata.combining(before) == _VIRAMA and unicodedata.category(after) == "Lo":
        return False
    if _is_flag_half(before) and _is_flag_half(after):
        return _flag_halves_before(text, at) % 2 == 0
    return not _is_one_syllable(before, after)


def _continues(letter: str) -> bool:
    return (
        unicodedata.category(letter)[0] == "M"
        or letter in JOINERS
        or letter in _ALSO_MARKS
        or "\U0001f3fb" <= letter <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= letter <= "\U000e007f"  # tags in flags of regions
    )


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Zl", "Zp")


def _is_prepended(letter: str) -> bool:
    """Is it an Arabic or Syriac sign that precedes a number?"""
    return "\u0600" <= letter <= "\u0605" or letter in "\u06dd\u070f\u0890\u0891\u08e2"


def _is_flag_half(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    count = 0
    while count < at and _is_flag_half(text[at - 1 - count]):
        count += 1
    return count


def _is_one_syllable(before: str, after: str) -> bool:
    """Are these parts of the same Hangul syllable?"""
    kind, then = _part_of_syllable(before), _part_of_syllable(after)
    return (
        (kind == "L" and then in ("L", "V", "S", "F"))
        or (kind in ("V", "S") and then in ("V", "T"))
        or (kind in ("T", "F") and then == "T")
    )


def _part_of_syllable(letter: str) -> str:
    """Returns L, V or T for a leading, vowel or trailing part; S or F for a syllable without or with the last."""
    if "\u1100" <= letter <= "\u115f" or "\ua960" <= letter <= "\ua97c":
        return "L"
    if "\u1160" <= letter <= "\u11a7" or "\ud7b0" <= letter <= "\ud7c6":
        return "V"
    if "\u11a8" <= letter <= "\u11ff" or "\ud7cb" <= letter <= "\ud7fb":
        return "T"
    if "\uac00" <= letter <= "\ud7a3":
        return "S" if (ord(letter) - 0xAC00) % 28 == 0 else "F"
    return ""
