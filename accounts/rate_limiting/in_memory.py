"""Rate limits counted in the memory of this process, for requests that only read, such as suggestions while typing.
Several processes together allow that many times more."""

import time
from threading import Lock

from accounts.models import User
from accounts.rate_limiting import rate_counter
from accounts.rate_limiting.rate_counter import Limit, RateLimitExceeded


class InMemoryLimit:
    """Counts for one limit. Only the current window is remembered."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self._window = 0
        self._counts: dict[int, int] = {}
        self._lock = Lock()

    def spend(self, *, by: User, amount: int = 1, now: float | None = None) -> None:
        """Counts one, or an `amount`; raises RateLimitExceeded beyond the limit."""
        seconds = now if now is not None else time.time()
        window = rate_counter.window_of(seconds, self.limit)
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, {}
            self._counts[by.pk] = count = self._counts.get(by.pk, 0) + amount
        if count > self.limit.most:
            raise RateLimitExceeded(
                self.limit, retry_after=max(1, int((window + 1) * self.limit.seconds - seconds))
            )
