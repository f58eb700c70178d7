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
    sentences = [words for sentence in SENTENCE_ENDS.split(text) if (words := _words(sentence))]
    return bool(sentences) and any(
        _thanks_in(language, sentences) for language in map(_language_words, LANGUAGES)
    )


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
        phrases = [*_phrases(language.phrases), *self.thanking, *self.praising]
        self.phrases = sorted(phrases, key=len, reverse=True)

    def phrase_at(self, position: int, words: list[Word]) -> tuple[str, ...]:
        """Returns the longest phrase that begins there."""
        following = tuple(word.folded for word in words[position:])
        return next((phrase for phrase in self.phrases if following[: len(phrase)] == phrase), ())


def _phrases(text: str) -> list[tuple[str, ...]]:
    return [tuple(phrase.split()) for phrase in text.split("|") if phrase]


_language_words = cache(LanguageWords)


class Counts(NamedTuple):
    thanks: int
    praise: int
    names: int


def _thanks_in(language: LanguageWords, sentences: list[list[Word]]) -> bool:
    counts = [_found_in(language, words) for words in sentences]
    if not all(count and (count.thanks or count.praise) for count in counts):
        return False
    return (
        any(count.thanks for count in counts if count)
        and sum(count.names for count in counts if count) <= NAMES_MAX
    )


def _found_in(language: LanguageWords, words: list[Word]) -> Counts | None:
    """Counts the parts of a sentence. Returns None if it contains anything else."""
    thanks = praise = names = position = 0
    while position < len(words):
        word = words[position]
        if phrase := language.phrase_at(position, words):
            thanks += phrase in language.thanking
            praise += phrase in language.praising
            position += len(phrase)
            continue
        if word.folded in language.thanks:
            thanks += 1
        elif word.folded in language.praise:
            praise += 1
        elif _is_name(word, is_first=position == 0):
            names += word.folded not in language.beside
        elif word.folded not in language.beside:
            return None
        position += 1
    return Counts(thanks, praise, names)


def _is_name(word: Word, *, is_first: bool) -> bool:
    """Whether it is `@name`, or has a capital letter inside a sentence."""
    if word.written.startswith("@"):
        return True
    return not is_first and word.written[0].isupper() and word.folded not in NO_NAMES
