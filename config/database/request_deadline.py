"""How long one waits for the database, all questions taken together; time spent on anything else does not count.

Only web requests have a limit. What commands and the worker do takes as long as it takes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings


@dataclass(slots=True)
class Patience:
    """What is left of it, in seconds."""

    left: float


current: ContextVar[Patience | None] = ContextVar("patience", default=None)


def deadline(seconds: float) -> float:
    """How long a wait of so many seconds may take on this machine: BELFRY_DEADLINE_FACTOR times as long."""
    return seconds * settings.DEADLINE_FACTOR


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Wait for the database this long in this block, or as long as the block around it has left."""
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
