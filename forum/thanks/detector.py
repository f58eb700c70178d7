"""Detects replies that only say thanks, which are collapsed. The rule in one sentence:

    The reply is short, and contains only words of thanks and names.

It has no questions, quotes, links or numbers, and every sentence thanks or praises. When in doubt the answer is no: a
thank-you too many on a page is better than a hidden reply.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from forum.thanks.phrases import LANGUAGES, Language

LONGEST = 140  # characters
NAMES_MAX = 3

SMILEYS = re.compile(r"(?<!\w)(?:[:;=xX8]['’]?\s?-?\s?[)(DPpOo*|3/\\]+|<3+|\^_*\^)(?!\w)")
SENTENCE_ENDS = re.compile(r"[.!。！…\n]+")
WORD = re.compile(r"@?\w+(?:['’-]\w+)*")
BESIDE_WORDS = frozenset("@ ,.!;:-–—'’\"“”„()…&*_~¡。、！，・\n\t")
EMOJI = ("So", "Sk", "Me", "Cf")  # pictures, their skins, and what joins them
# Not names, even with a capital letter.
NO_NAMES = frozenset(
    "no not nope never nothing none but if still yet stop wrong false broken bad down fail".split()  # noqa: SIM905
)


class Word(NamedTuple):
    written: str
    folded: str


def is_only_thanks(text: str) -> bool:
    text = text.strip()
    if len(text) > LONGEST:
        return False
    text = SMILEYS.sub(" ", unicodedata.normalize("NFC", text)).replace("\ufe0f", "")
    if not all(map(_is_allowed, text)):
        return False
    sentences = [words for said in SENTENCE_ENDS.split(text) if (words := _words(said))]
    return bool(sentences) and any(_thanks_in(known, sentences) for known in map(_known, LANGUAGES))


def _is_allowed(character: str) -> bool:
    """Whether the character can be part of thanks: letters, some punctuation and emoji."""
    if character.isalpha() or character in BESIDE_WORDS:
        return True
    return character != "`" and unicodedata.category(character) in EMOJI


def _words(sentence: str) -> list[Word]:
    plain = "".join(" " if unicodedata.category(c) in EMOJI else c for c in sentence)
    words = (word.strip("_") for word in WORD.findall(plain))
    return [Word(word, word.casefold().replace("’", "'")) for word in words if word]


class LanguageWords:
    """The words of a language, prepared for lookup."""

    def __init__(self, language: Language) -> None:
        self.thanks = frozenset(language.thanks.split())
        self.praise = frozenset(language.praise.split())
        self.beside = frozenset(language.beside.split())
        self.thanking, self.praising = _phrases(language.thanking), _phrases(language.praising)
        every = [*_phrases(language.phrases), *self.thanking, *self.praising]
        self.phrases = sorted(every, key=len, reverse=True)

    def phrase_at(self, place: int, words: list[Word]) -> tuple[str, ...]:
        """Returns the longest phrase that begins there."""
        ahead = tuple(word.folded for word in words[place:])
        return next((phrase for phrase in self.phrases if ahead[: len(phrase)] == phrase), ())


def _phrases(said: str) -> list[tuple[str, ...]]:
    return [tuple(phrase.split()) for phrase in said.split("|") if phrase]


_known = cache(LanguageWords)


class Counts(NamedTuple):
    thanks: int
    praise: int
    names: int


def _thanks_in(known: LanguageWords, sentences: list[list[Word]]) -> bool:
    found = [_found_in(known, words) for words in sentences]
    if not all(one and (one.thanks or one.praise) for one in found):
        return False
    return any(one.thanks for one in found if one) and sum(one.names for one in found if one) <= NAMES_MAX


def _found_in(known: LanguageWords, words: list[Word]) -> Counts | None:
    """Counts the parts of a sentence. Returns None if it contains anything else."""
    thanks = praise = names = place = 0
    while place < len(words):
        word = words[place]
        if phrase := known.phrase_at(place, words):
            thanks += phrase in known.thanking
            praise += phrase in known.praising
            place += len(phrase)
            continue
        if word.folded in known.thanks:
            thanks += 1
        elif word.folded in known.praise:
            praise += 1
        elif _is_name(word, is_first=place == 0):
            names += word.folded not in known.beside
        elif word.folded not in known.beside:
            return None
        place += 1
    return Counts(thanks, praise, names)


def _is_name(word: Word, *, is_first: bool) -> bool:
    """Whether it is `@name`, or has a capital letter inside a sentence."""
    if word.written.startswith("@"):
        return True
    return not is_first and word.written[0].isupper() and word.folded not in NO_NAMES
