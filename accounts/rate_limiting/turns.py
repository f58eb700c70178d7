"""Serializes expensive work. Only one thread of a process computes at a time; waiting threads cannot serve pages, so
only few may wait, and only one per member."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from accounts.models import User
from accounts.rate_limiting.rate_counter import Limit, RateLimitExceeded

EXPENSIVE_LENGTH = 4_000  # characters, a tenth of a second at worst; shorter texts need no turn
MAX_MEMBERS = 3  # members at once, of the four threads that serve pages: one works, the others wait
BUSY_LIMIT = Limit("turn", 1, 2)

_counting, _working = Lock(), Lock()
_active: Counter[int] = Counter()  # by member id: those working and waiting


@contextmanager
def exclusive_turn(*, by: User, length: int, twice: bool = False) -> Iterator[None]:
    """Runs the block when no other one runs. Raises RateLimitExceeded if too many wait already. `twice`: allows a
    second request of the same member, as a button pressed twice sends."""
    if length < EXPENSIVE_LENGTH:
        yield
        return
    with _counting:
        if _active[by.pk] >= 1 + twice or _active.total() >= MAX_MEMBERS:
            raise RateLimitExceeded(BUSY_LIMIT, retry_after=BUSY_LIMIT.seconds)
        _active[by.pk] += 1
    try:
        with _working:
            yield
    finally:
        with _counting:
            _active[by.pk] -= 1
            if not _active[by.pk]:
                del _active[by.pk]
