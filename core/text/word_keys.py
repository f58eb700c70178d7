"""Splits a text into the words that search compares. Everything is done here, so that every PostgreSQL server agrees.

A word is normalized: compatibility forms (NFKC), case and accents do not matter. Scripts without spaces between words
are split into overlapping pairs of letters; the last letter of such a run is a word of its own, a tail, so that every
letter begins a word.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from core.text.scripts import UNSPACED

WORD_MAX = 60  # code points; the rest of a longer word is not compared

# Letters that have no accent to remove, although people type them without.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
# Accents, Hebrew points, Arabic vowel signs and the Arabic line that stretches a word.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
# Marks belong to the letter before them; Python's \w has none of them.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u0816-\u0823\u0900-\u0903"
    "\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u09d7\u0a01-\u0a51\u0a70\u0a71\u0a81-\u0acd"
    "\u0b01-\u0b57\u0b82-\u0bd7\u0c00-\u0c63\u0c81-\u0ce3\u0d00-\u0d63\u0d81-\u0df3\u135d-\u135f\u1712-\u1734"
    "\u1a17-\u1aff\u1b00-\u1bf3\u1c24-\u1c37\u1cd0-\u1cf9\u1dc0-\u1dff\u20d0-\u20f0\u3099\u309a\ua66f\ua674-\ua67d"
    "\ua802-\ua82c\ua880-\ua8c5\ua8e0-\ua8f1\ua926-\uaa4d\uabe3-\uabed\ufb1e\ufe20-\ufe2f"
)
_JOINERS = "\u200c\u200d\u00ad"  # between letters of a word
_TOKEN = re.compile(
    rf"(?P<language>(?<![^\W_])[cCfF](?:\+\+|\#)(?![^\W_]))"
    rf"|(?P<unspaced>[{UNSPACED}\u3099\u309a]+)"
    rf"|(?:(?![{UNSPACED}_])[\w](?:[{_MARKS}{_JOINERS}]|(?![{UNSPACED}_])\w)*)"
)


class Word(NamedTuple):
    key: str  # normalized
    start: int  # in the text
    end: int
    is_tail: bool = False


def words_in(text: str) -> list[Word]:
    return list(_words_in(text))


def _words_in(text: str) -> Iterator[Word]:
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        if token["unspaced"]:
            yield from _pairs(text, start, end)
        elif key := word_key(token[0]):
            yield Word(key[:WORD_MAX], start, end)


def _pairs(text: str, start: int, end: int) -> Iterator[Word]:
    letters = list(_letters(text, start, end))
    for (first, begin, _), (second, _, stop) in zip(letters, letters[1:], strict=False):
        yield Word(first + second, begin, stop)
    if letters:
        last, begin, stop = letters[-1]
        yield Word(last, begin, stop, is_tail=True)


def _letters(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yields each normalized letter with its place in the text. A letter can be several code points there (か and a
    voicing mark), and one code point can be several letters (㌔)."""
    at = start
    while at < end:
        stop = at + 1
        while stop < end and text[stop] in "\u3099\u309a\uff9e\uff9f":
            stop += 1
        for letter in word_key(text[at:stop]):
            yield letter, at, stop
        at = stop


@lru_cache(maxsize=50_000)
def word_key(word: str) -> str:
    """Returns the form in which words are compared; empty if nothing of it is a letter or a number."""
    folded = unicodedata.normalize("NFKC", word).casefold().translate(_PLAIN)
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", folded))
    composed = unicodedata.normalize("NFKC", bare).casefold()
    return "".join(letter for letter in composed if _counts(letter))


def _counts(letter: str) -> bool:
    return letter.isalnum() or letter in "+#" or unicodedata.category(letter)[0] == "M"
