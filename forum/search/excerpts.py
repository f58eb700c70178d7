"""The part of a text that shows best why it was found, with the words that were searched for marked."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from core.text import graphemes
from core.text.word_keys import Word, words_in
from forum.search.query import Query, Term
from forum.search_index.stems import stem_of

EXCERPT_MAX = 240  # characters


class Piece(NamedTuple):
    text: str
    is_match: bool = False


Forms = frozenset[tuple[str, str]]  # a language, and the stem in it; no language: the word itself
Span = tuple[int, int, Term]  # where a term begins and ends in the text


def excerpt(text: str, query: Query, *, languages: Collection[str], length: int = EXCERPT_MAX) -> list[Piece]:
    """Returns the part of the text with most of the terms, of about this length."""
    spans = list(_spans(text, query, languages))
    start, end = _best_part(text, spans, length)
    inside = [(begin, stop) for begin, stop, _ in spans if begin >= start and stop <= end]
    pieces = list(_split(text, start, end, inside))
    if start > 0:
        pieces.insert(0, Piece("… "))
    if end < len(text):
        pieces.append(Piece(" …"))
    return pieces


def marked(text: str, query: Query, *, languages: Collection[str]) -> list[Piece]:
    """Returns the whole text, such as a title."""
    spans = [(begin, stop) for begin, stop, _ in _spans(text, query, languages)]
    return list(_split(text, 0, len(text), spans))


def _spans(text: str, query: Query, languages: Collection[str]) -> Iterable[Span]:
    words = words_in(text)
    wanted = [(term, _forms(term.words[0], term, languages)) for term in query.terms]
    for index, word in enumerate(words):
        for term, forms in wanted:
            last = index + term.offsets[-1]
            if last < len(words) and _begins(term, forms, words, index, languages):
                yield word.start, words[last].end, term
                break


def _begins(term: Term, forms: Forms, words: list[Word], index: int, languages: Collection[str]) -> bool:
    """Whether the term is at this place."""
    if not (term.is_phrase or term.is_prefix):
        return not forms.isdisjoint(_forms(words[index].key, term, languages))
    for number, (wanted, offset) in enumerate(zip(term.words, term.offsets, strict=True)):
        key = words[index + offset].key
        is_open = term.is_prefix and number == len(term.words) - 1
        if not (key.startswith(wanted) if is_open else key == wanted):
            return False
    return True


def _forms(word: str, term: Term, languages: Collection[str]) -> Forms:
    """Returns the word, and its stems unless it is searched for exactly."""
    if term.is_exact or term.is_phrase:
        return frozenset({("", word)})
    return frozenset({("", word), *((language, stem_of(word, language)) for language in languages)})


def _best_part(text: str, spans: list[Span], length: int) -> tuple[int, int]:
    if len(text) <= length:
        return 0, len(text)
    if not spans:
        return 0, _word_end(text, length)
    start = _word_start(text, max(0, _best_start(spans, length * 3 // 4) - length // 4))
    return start, _word_end(text, min(start + length, len(text)))


def _best_start(spans: list[Span], reach: int) -> int:
    """Returns where the first part begins that has most different terms."""
    inside: Counter[Term] = Counter()
    most, best, next_span = 0, spans[0][0], 0
    for start, _, term in spans:
        while next_span < len(spans) and spans[next_span][1] <= start + reach:
            inside[spans[next_span][2]] += 1
            next_span += 1
        if len(inside) > most:
            most, best = len(inside), start
        inside[term] -= 1
        if inside[term] <= 0:
            del inside[term]
    return best


def _word_start(text: str, at: int) -> int:
    """Returns a place near `at` where a word begins."""
    space = text.rfind(" ", max(0, at - 20), at)
    if space >= 0:
        return space + 1
    while at > 0 and not graphemes.is_boundary(text, at):
        at -= 1
    return at


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.find(" ", at, at + 20)
    if space >= 0:
        return space
    while at < len(text) and not graphemes.is_boundary(text, at):
        at += 1
    return at


def _split(text: str, start: int, end: int, spans: Iterable[tuple[int, int]]) -> Iterable[Piece]:
    at = start
    for begin, stop in _joined(spans):
        if begin > at:
            yield Piece(text[at:begin])
        yield Piece(text[begin:stop], is_match=True)
        at = stop
    if at < end:
        yield Piece(text[at:end])


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns the spans without overlaps, as pairs of letters and phrases have."""
    joined: list[tuple[int, int]] = []
    for begin, stop in sorted(spans):
        if joined and begin < joined[-1][1]:
            joined[-1] = joined[-1][0], max(stop, joined[-1][1])
        else:
            joined.append((begin, stop))
    return joined
