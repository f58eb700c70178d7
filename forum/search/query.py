"""Reads what someone typed into the search field.

    red bell            both words, in any form
    "red bell"          these words in this order
    -bell, -"red bell"  without it
    red OR blue         either
    ring*               words that begin like this
    in:news by:ada after:2026-01-31 before:2027-01-01 is:official is:highlighted has:image topic:7

Nothing is an error: what cannot be a filter is searched for as words.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from core.text.scripts import is_unspaced
from core.text.word_keys import Word, words_in

QUERY_MAX = 400  # characters
WORDS_MAX = 16  # searched for; the rest is ignored, and the page says so
PREFIX_MIN = 2  # letters, since a shorter beginning would match a large part of all words

_TOKEN = re.compile(
    r'(?P<minus>-?)(?:(?P<filter>in|by|tag|before|after|is|has|topic):)?(?:"(?P<phrase>[^"]*)"?|(?P<plain>[^\s"]+))',
    re.IGNORECASE,
)
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_FLAGS = {("is", "official"): "official", ("is", "highlighted"): "highlighted", ("has", "image"): "image"}


@dataclass(frozen=True)
class Term:
    """A word, or words that follow each other. `offsets`: the place of each word after the first one."""

    words: tuple[str, ...]
    offsets: tuple[int, ...]
    is_prefix: bool = False  # of the last word
    is_exact: bool = False  # other forms of the word do not count

    @property
    def is_phrase(self) -> bool:
        return len(self.words) > 1


@dataclass(frozen=True)
class Query:
    """What is searched for: one of each group of terms, none of `excluded`, and every filter."""

    text: str = ""
    words: str = ""  # without its filters
    groups: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()
    sections: tuple[str, ...] = ()  # slugs; one of them
    authors: tuple[str, ...] = ()  # names; one of them
    after: date | None = None  # from this day on
    before: date | None = None  # before this day
    topic: int | None = None
    flags: frozenset[str] = frozenset()
    is_cut: bool = False  # it was too long

    @property
    def has_filters(self) -> bool:
        return bool(self.sections or self.authors or self.after or self.before or self.topic or self.flags)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for: words to leave out alone are no question."""
        return not self.groups and not self.has_filters

    @property
    def terms(self) -> list[Term]:
        """Returns all that is searched for, in order."""
        return [term for group in self.groups for term in group]


@dataclass
class _Reader:
    words_left: int = WORDS_MAX
    words: list[str] = field(default_factory=list)  # as typed
    groups: list[list[Term]] = field(default_factory=list)
    excluded: list[Term] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    after: date | None = None
    before: date | None = None
    topic: int | None = None
    flags: set[str] = field(default_factory=set)
    is_cut: bool = False
    has_filters: bool = False
    follows_or: bool = False

    def read(self, token: re.Match[str]) -> None:
        value = token["phrase"] if token["phrase"] is not None else token["plain"]
        if token["filter"] and not token["minus"] and self._read_filter(token["filter"].lower(), value):
            self.has_filters = True
            return
        self.words.append(token[0])
        if token[0] == "OR":
            self.follows_or = bool(self.groups)
            return
        typed = f"{token['filter']}:{value}" if token["filter"] else value
        is_prefix = token["phrase"] is None and typed.endswith("*")
        for term in self._terms(typed, is_prefix=is_prefix, is_exact=token["phrase"] is not None):
            if token["minus"]:
                self.excluded.append(term)
            elif self.follows_or:
                self.groups[-1].append(term)
            else:
                self.groups.append([term])
            self.follows_or = False

    def _terms(self, typed: str, *, is_prefix: bool, is_exact: bool) -> list[Term]:
        found = words_in(typed)
        if len(found) > self.words_left:
            self.is_cut = True
            found = found[: self.words_left]
        self.words_left -= len(found)
        term = _term(found, is_prefix=is_prefix, is_exact=is_exact)
        return [term] if term else []

    def _read_filter(self, name: str, value: str) -> bool:
        """Returns False if it is none."""
        if flag := _FLAGS.get((name, value.lower())):
            self.flags.add(flag)
            return True
        if name in ("after", "before"):
            day = _day(value)
            if day:
                setattr(self, name, day)
            return day is not None
        if name == "topic" and re.fullmatch("[0-9]{1,17}", value):
            self.topic = int(value)
            return True
        if name in ("in", "by") and value:
            (self.sections if name == "in" else self.authors).append(value.removeprefix("@"))
            return True
        return False


def read_query(text: str) -> Query:
    text = text.replace("\0", " ").strip()
    reader = _Reader(is_cut=len(text) > QUERY_MAX)
    for token in _TOKEN.finditer(text[:QUERY_MAX]):
        reader.read(token)
    return Query(
        text=text[:QUERY_MAX],
        words=" ".join(reader.words) if reader.has_filters else text[:QUERY_MAX],
        groups=tuple(map(tuple, reader.groups)),
        excluded=tuple(reader.excluded),
        sections=tuple(reader.sections),
        authors=tuple(reader.authors),
        after=reader.after,
        before=reader.before,
        topic=reader.topic,
        flags=frozenset(reader.flags),
        is_cut=reader.is_cut,
    )


def _term(found: list[Word], *, is_prefix: bool, is_exact: bool) -> Term | None:
    """Returns the term for the words of a token; None without words. In a script without spaces the last letter of
    several is part of the pair before it, and one letter is the beginning of a pair."""
    placed = [
        (offset, word)
        for offset, word in enumerate(found)
        if not word.is_tail or offset == 0 or found[offset - 1].is_tail or found[offset - 1].end <= word.start
    ]
    if not placed:
        return None
    start = placed[0][0]
    last = placed[-1][1]
    is_prefix = last.is_tail or (is_prefix and (len(last.key) >= PREFIX_MIN or is_unspaced(last.key[0])))
    return Term(
        words=tuple(word.key for _, word in placed),
        offsets=tuple(offset - start for offset, _ in placed),
        is_prefix=is_prefix,
        is_exact=is_exact,
    )


def _day(value: str) -> date | None:
    if not (match := _DATE.fullmatch(value)):
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None
