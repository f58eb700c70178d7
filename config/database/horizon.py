"""Since when the next look must ask what was taken back. A transaction may become visible long after its statements
ran: a commit can wait for a standby. So no fixed time is enough to look back; when the running ones began is."""

from collections import deque
from datetime import datetime, timedelta

LATE_PAGES = timedelta(seconds=10)  # a page begun before a change was seen may be written so much later


class Horizon:
    """One a process; tell it of every look, in their order."""

    def __init__(self) -> None:
        self._settled: deque[tuple[datetime, datetime]] = deque()

    def after(self, at: datetime, settled: datetime) -> datetime:
        """Since when the look after this one must ask, by the clock of the database. `at`: when this look began;
        `settled`: what was taken back before that moment, this look has seen."""
        self._settled.append((at, settled))
        while self._settled[0][0] < at - LATE_PAGES:
            self._settled.popleft()
        return min(settled for _, settled in self._settled) - LATE_PAGES
