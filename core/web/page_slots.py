"""Pages made once for many readers. What differs from reader to reader is left open while the templates run, as
slots, and filled in by joining strings; nothing personal is ever inside what is kept.

A slot is written between two NULs, which no text in the database and no address can hold.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from sys import getsizeof
from typing import NamedTuple

EDGE = "\0"
A_PLACE = 8  # bytes of a list


class Slot(NamedTuple):
    kind: str
    fact: str  # what the slot is about: a moment, a post's id


Pieces = list[str | Slot]
Filler = Callable[[str], str]
Fillers = Mapping[str, Filler]


class Surroundings(NamedTuple):
    """What stands around a page's own matter: readers of one kind get the same, but for what fills its slots."""

    kind: Hashable
    fillers: Fillers


_open: ContextVar[bool] = ContextVar("slots are open", default=False)
_fillers: ContextVar[Fillers | None] = ContextVar("what fills slots at once", default=None)


@contextmanager
def left_open() -> Iterator[None]:
    """Templates that run inside leave slots where a page is personal."""
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)


def are_open() -> bool:
    return _open.get()


@contextmanager
def filled_by(fillers: Fillers) -> Iterator[None]:
    """Templates that run inside are for one reader: their slots are filled at once."""
    token = _fillers.set(fillers)
    try:
        yield
    finally:
        _fillers.reset(token)


def slot(kind: str, fact: object = "") -> str:
    """A slot, as templates write it. It holds nothing that escaping would change."""
    if (fillers := _fillers.get()) is not None:
        return fillers[kind](str(fact))
    return f"{EDGE}{kind} {fact}{EDGE}"


def split(html: str) -> Pieces:
    """What stands and what is open, in turn."""
    parts = html.split(EDGE)
    return [_slot(part) if number % 2 else part for number, part in enumerate(parts)]


def _slot(written: str) -> Slot:
    kind, _, fact = written.partition(" ")
    return Slot(kind, fact)


def size(pieces: Pieces) -> int:
    """How much memory they take, in bytes, about."""
    return sum(getsizeof(piece) + A_PLACE for piece in pieces)


def splice(pieces: Iterable[str | Slot], kind: str, part_for: Callable[[str], Pieces]) -> Pieces:
    """Put other pieces, with slots of their own, where the slots of one kind are."""
    spliced: Pieces = []
    for piece in pieces:
        if isinstance(piece, Slot) and piece.kind == kind:
            spliced += part_for(piece.fact)
        else:
            spliced.append(piece)
    return spliced


def fill(pieces: Iterable[str | Slot], fillers: Fillers) -> str:
    """The page of one reader. A slot that nobody fills is a KeyError: it is never shown as nothing."""
    return "".join([piece if type(piece) is str else fillers[piece[0]](piece[1]) for piece in pieces])
