"""Serializes expensive work. Only one thread of a process computes at a time; waiting threads cannot serve pages, so
only few may wait, and only one per member."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from accounts.models import User
from accounts.rate_limiting.limits import Limit, TooFast

COSTLY = 4_000  # characters, a tenth of a second at worst; shorter texts need no turn
MOST = 3  # members at once, of the four threads that serve pages: one works, the others wait
ONE = Limit("turn", 1, 2)

_counting, _working = Lock(), Lock()
_here: Counter[int] = Counter()  # by member id: those working and waiting


@contextmanager
def turn(*, by: User, length: int, twice: bool = False) -> Iterator[None]:
    """Runs the block when no other one runs. Raises TooFast if too many wait already. `twice`: allows a second request
    of the same member, as a button pressed twice sends."""
    if length < COSTLY:
        yield
        return
    with _counting:
        if _here[by.pk] >= 1 + twice or _here.total() >= MOST:
            raise TooFast(ONE, retry_after=ONE.seconds)
        _here[by.pk] += 1
    try:
        with _working:
            yield
    finally:
        with _counting:
            _here[by.pk] -= 1
            if not _here[by.pk]:
                del _here[by.pk]
