"""Opens new connections. After a failure, only one caller at a time tries whether it works again."""

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from psycopg import OperationalError

Link = TypeVar("Link")


class Door:
    """Keeps all threads of a process from waiting for an unreachable server."""

    def __init__(self) -> None:
        self.is_stuck = False
        self._knocking = Lock()

    def open(self, connect: Callable[[], Link]) -> Link:
        if not self.is_stuck:
            return self._try(connect)
        if not self._knocking.acquire(blocking=False):
            raise OperationalError("The database accepts no connections at the moment.")
        try:
            return self._try(connect)
        finally:
            self._knocking.release()

    def _try(self, connect: Callable[[], Link]) -> Link:
        try:
            link = connect()
        except OperationalError:
            self.is_stuck = True
            raise
        self.is_stuck = False
        return link
