"""Slugs: titles as a part of URLs."""

import re
import unicodedata
from functools import lru_cache

from core.text.graphemes import JOINERS, truncate

SLUG_MAX = 80  # code points
_NOT_ASCII_WORDS = re.compile("[^a-z0-9]+")


@lru_cache(4_096)
def slug_of(title: str, *, otherwise: str = "topic", longest: int = SLUG_MAX) -> str:
    """Returns the lower-case letters, digits and combining marks of the title, in any script, with hyphens in place of
    everything else."""
    title = title.lower()
    slug = _NOT_ASCII_WORDS.sub("-", title) if title.isascii() else _words(title)
    return truncate(slug.strip("-"), longest).rstrip("-") or otherwise


def _words(title: str) -> str:
    letters: list[str] = []
    for letter in unicodedata.normalize("NFC", title):
        if letter in JOINERS or _is_selector(letter):
            continue
        kind = unicodedata.category(letter)
        is_begun = bool(letters) and letters[-1] != "-"
        if kind[0] == "L" or kind == "Nd" or (kind[0] == "M" and is_begun):  # a mark belongs to a letter
            letters.append(letter)
        elif is_begun:
            letters.append("-")
    return "".join(letters)


def _is_selector(letter: str) -> bool:
    """Is it a variation selector?"""
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"
