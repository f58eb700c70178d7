"""A limit on how long a request waits for the database, for all queries together. Other work does not count.

Only web requests have a limit; commands and the worker have none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings


@dataclass(slots=True)
class Patience:
    """The remaining time in seconds."""

    left: float


current: ContextVar[Patience | None] = ContextVar("patience", default=None)


def deadline(seconds: float) -> float:
    """Returns the limit for this machine: `seconds` times BELFRY_DEADLINE_FACTOR."""
    return seconds * settings.DEADLINE_FACTOR


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Limits waits for the database within this block to `seconds`, or to what the enclosing block has left."""
    outer = current.get()
    granted = seconds if outer is None else min(seconds, outer.left)
    inner = Patience(granted)
    token = current.set(inner)
    try:
        yield
    finally:
        current.reset(token)
        if outer is not None:
            outer.left -= granted - inner.left
