"""How often a member may ask for a thing while they type. Counted in this process, since a GET writes no row: a
site of several processes lets as many times more through, which does no harm where asking only reads."""

import time
from threading import Lock

from accounts.models import User
from accounts.rate_limiting import limits as rates
from accounts.rate_limiting.limits import Limit, TooFast


class Pace:
    """A limit; what was counted in an earlier stretch of time is forgotten."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self._stretch = 0
        self._counts: dict[int, int] = {}
        self._lock = Lock()

    def spend(self, *, by: User, amount: int = 1, now: float | None = None) -> None:
        """Count one, or an `amount` of what is limited; raises TooFast beyond the limit."""
        seconds = now if now is not None else time.time()
        stretch = rates.slot_of(seconds, self.limit)
        with self._lock:
            if stretch != self._stretch:
                self._stretch, self._counts = stretch, {}
            self._counts[by.pk] = count = self._counts.get(by.pk, 0) + amount
        if count > self.limit.most:
            raise TooFast(self.limit, retry_after=max(1, int((stretch + 1) * self.limit.seconds - seconds)))
