"""Up to which moment everything that was written has been seen. A transaction may become visible long after its
statements ran: a commit can wait for a standby. So no fixed time is enough to look back; the database's own list of
running transactions is."""

from collections import deque
from datetime import datetime, timedelta
from typing import NamedTuple

LATE_PAGES = timedelta(seconds=10)  # a page begun before a change was seen may be written so much later
APART = timedelta(seconds=1)


class Moment(NamedTuple):
    at: datetime  # by the clock of the database, before the snapshot was taken
    next_id: int  # transactions with this number and later ones began to write after it


class Horizon:
    """One a process; tell it of every look, in their order."""

    def __init__(self) -> None:
        self._moments: deque[Moment] = deque()
        self._known_up_to: deque[tuple[datetime, datetime]] = deque()

    def after(self, at: datetime, *, oldest_running: int, next_id: int, looked_back_to: datetime) -> datetime:
        """Since when the look after this one must ask. `oldest_running`: all transactions with smaller numbers were
        over, and what they wrote was visible to this look, which had asked for what came after `looked_back_to`."""
        if self._moments and next_id < self._moments[-1].next_id:
            self._moments.clear()  # another server, which has numbers of its own
        if oldest_running >= next_id:  # nobody is writing: earlier moments are of no use any more
            self._moments.clear()
            known = at
        else:
            known = self._before(oldest_running, looked_back_to)
        if not self._moments or at - self._moments[-1].at >= APART:
            self._moments.append(Moment(at, next_id))
        self._known_up_to.append((at, known))
        while self._known_up_to[0][0] < at - LATE_PAGES:
            self._known_up_to.popleft()
        return min(known for _, known in self._known_up_to) - LATE_PAGES

    def _before(self, oldest_running: int, looked_back_to: datetime) -> datetime:
        """The last moment before the oldest running transaction began to write. None is known for one that is older
        than this process: then the next look asks for as much as this one."""
        while len(self._moments) > 1 and self._moments[1].next_id <= oldest_running:
            self._moments.popleft()
        if self._moments and self._moments[0].next_id <= oldest_running:
            return self._moments[0].at
        return looked_back_to + LATE_PAGES
