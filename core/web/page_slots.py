"""Pages rendered once for many readers. Parts that differ between readers are left open as slots while templates run,
and filled in later by joining strings. Cached HTML contains nothing personal.

A slot is written between two NULs, which no text in the database and no URL can contain.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from sys import getsizeof
from typing import NamedTuple

EDGE = "\0"
LIST_ITEM_BYTES = 8  # bytes of a list item


class Slot(NamedTuple):
    kind: str
    fact: str  # what the slot is about, such as a time or the id of a post


Pieces = list[str | Slot]
Filler = Callable[[str], str]
Fillers = Mapping[str, Filler]


class PageFrame(NamedTuple):
    """The frame around a page: the same for all readers of one kind, except for its slots."""

    kind: Hashable
    fillers: Fillers


_open: ContextVar[bool] = ContextVar("slots_are_open", default=False)
_fillers: ContextVar[Fillers | None] = ContextVar("slot_fillers", default=None)


@contextmanager
def leave_slots_open() -> Iterator[None]:
    """Templates rendered inside leave slots open."""
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)


def are_slots_open() -> bool:
    return _open.get()


@contextmanager
def fill_slots_with(fillers: Fillers) -> Iterator[None]:
    """Templates rendered inside are for one reader: slots are filled immediately."""
    token = _fillers.set(fillers)
    try:
        yield
    finally:
        _fillers.reset(token)


def slot(kind: str, fact: object = "") -> str:
    """Returns a slot as written in templates. It contains nothing that escaping would change."""
    if (fillers := _fillers.get()) is not None:
        return fillers[kind](str(fact))
    return f"{EDGE}{kind} {fact}{EDGE}"


def split(html: str) -> Pieces:
    """Splits rendered HTML into strings and slots, in turn."""
    parts = html.split(EDGE)
    return [_slot(part) if number % 2 else part for number, part in enumerate(parts)]


def _slot(written: str) -> Slot:
    kind, _, fact = written.partition(" ")
    return Slot(kind, fact)


def size(pieces: Pieces) -> int:
    """Returns the approximate memory use in bytes."""
    return sum(getsizeof(piece) + LIST_ITEM_BYTES for piece in pieces)


def splice(pieces: Iterable[str | Slot], kind: str, part_for: Callable[[str], Pieces]) -> Pieces:
    """Replaces the slots of one kind by other pieces, which may contain slots."""
    spliced: Pieces = []
    for piece in pieces:
        if isinstance(piece, Slot) and piece.kind == kind:
            spliced += part_for(piece.fact)
        else:
            spliced.append(piece)
    return spliced


def fill(pieces: Iterable[str | Slot], fillers: Fillers) -> str:
    """Returns the page for one reader. A slot without a filler raises KeyError, so that none is silently empty."""
    return "".join([piece if type(piece) is str else fillers[piece[0]](piece[1]) for piece in pieces])
