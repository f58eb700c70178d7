"""Whose costly work this process does now. One thread of it computes at a time; the others would wait for it, and with
them everybody's pages: so few may wait, and of one member no more than one."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from accounts.models import User
from accounts.rate_limiting.limits import Limit, TooFast

COSTLY = (
    4_000  # characters of text, a tenth of a second at worst: whoever sends less need not wait for a turn
)
MOST = 3  # of all members at once, of the four threads that make pages: one is served, the others wait
ONE = Limit("turn", 1, 2)

_counting, _working = Lock(), Lock()
_here: Counter[int] = Counter()  # by member: those served and those that wait


@contextmanager
def turn(*, by: User, length: int, twice: bool = False) -> Iterator[None]:
    """Do the work inside when nobody else's is done. Raises TooFast where too many wait already. `twice`: the same may
    be asked for again before it is done, as a second press of a button does, and shall be answered."""
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
