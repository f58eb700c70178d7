"""The time from which the next poll must read removals. A transaction may become visible long after its statements ran:
a commit can wait for a standby. So no fixed interval is enough; the beginning of the oldest running transaction is."""

from collections import deque
from datetime import datetime, timedelta

LATE_PAGES = timedelta(seconds=10)  # a page begun before a change was seen may be stored this much later


class Horizon:
    """One per process. Call `after` for every poll, in order."""

    def __init__(self) -> None:
        self._settled: deque[tuple[datetime, datetime]] = deque()

    def after(self, at: datetime, settled: datetime) -> datetime:
        """Returns the time from which the next poll must read, by the database's clock. `at`: when this poll began;
        `settled`: this poll has seen all removals before then."""
        self._settled.append((at, settled))
        while self._settled[0][0] < at - LATE_PAGES:
            self._settled.popleft()
        return min(settled for _, settled in self._settled) - LATE_PAGES
