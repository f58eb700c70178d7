"""The lexemes of a post in the search index. A first letter tells the kinds apart:

    word            as it is written, normalized
    =stem           its stem in the language of the section
    ^word, ^=stem   a word of the title, in the entry of the original post
    @s7 @a7         section and author by id
    @m202611        month, in UTC
    @h @i           highlighted, has an image

Words contain no `=`, `^` or `@`, so the kinds never meet.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.text.word_keys import words_in
from forum.search_index.stems import stem_of

STEM, TITLE = "=", "^"
HIGHLIGHTED, HAS_IMAGE = "@h", "@i"
# PostgreSQL keeps at most this position, and at most 255 for each lexeme.
POSITION_MAX = 16_383
POSITIONS_MAX = 255
GAP = 2  # between text and title: a phrase does not reach over it

Positions = dict[str, list[int]]


@dataclass(frozen=True)
class Lexemes:
    """Lexemes with their positions, or without any for facts."""

    positions: Positions = field(default_factory=dict)
    last: int = 0  # the highest position

    def __str__(self) -> str:
        """Returns it as PostgreSQL reads a tsvector."""
        return " ".join(
            f"{quoted(lexeme)}:{','.join(map(str, at[:POSITIONS_MAX]))}" if at else quoted(lexeme)
            for lexeme, at in self.positions.items()
        )


def of_text(text: str, *, language: str) -> Lexemes:
    return _collect(_words(text, language))


def of_title(title: str, *, language: str, after: int = 0) -> Lexemes:
    """Returns the words of a title, both as such and as words of the post. `after`: the last position of its text."""
    words = list(_words(title, language, after=min(after + GAP, POSITION_MAX)))
    return _collect([*words, *((f"{TITLE}{lexeme}", at) for lexeme, at in words)])


def in_section(pk: int) -> str:
    return f"@s{pk}"


def by_author(pk: int) -> str:
    return f"@a{pk}"


def in_month(at: datetime) -> str:
    return f"@m{at.astimezone(UTC):%Y%m}"


def quoted(lexeme: str) -> str:
    """Returns the lexeme as it is written in a tsvector or tsquery."""
    return "'{}'".format(lexeme.replace("\\", "\\\\").replace("'", "''"))


def _words(text: str, language: str, *, after: int = 0) -> Iterator[tuple[str, int]]:
    for number, word in enumerate(words_in(text), start=after + 1):
        at = min(number, POSITION_MAX)
        yield word.key, at
        stem = stem_of(word.key, language)
        if stem != word.key:
            yield f"{STEM}{stem}", at
        # The stem of a word that is its own stem is the word: a search for a stem looks for both.


def _collect(lexemes: Iterable[tuple[str, int]]) -> Lexemes:
    positions: Positions = {}
    last = 0
    for lexeme, at in lexemes:
        places = positions.setdefault(lexeme, [])
        if not places or places[-1] != at:
            places.append(at)
        last = max(last, at)
    return Lexemes(positions, last)
