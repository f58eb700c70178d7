"""Cached pages in this process's memory, and whether each is up to date."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from math import inf

from config.availability.database_monitor import Seen
from config.page_cache.cache_key import Key
from config.page_cache.page import Page

FOREVER_AGO = -inf


class Verdict(Enum):
    CURRENT = auto()
    IS_OLD = auto()
    IS_UNKNOWN = auto()


@dataclass
class Copy:
    page: Page
    began_at: float  # when rendering began, on the monotonic clock; FOREVER_AGO if by another process
    current_at: float = FOREVER_AGO  # when it was last known to be up to date
    _compared_with: Seen | None = field(default=None, repr=False)
    _verdict: Verdict = Verdict.IS_UNKNOWN

    def judge(self, seen: Seen) -> Verdict:
        """Compares the page's dependencies with the last poll, once per poll."""
        if seen is not self._compared_with:
            self._verdict = self._compare(seen)
            self._compared_with = seen
        return self._verdict

    def _compare(self, seen: Seen) -> Verdict:
        current_at = inf
        for name, number in self.page.rests_on.items():
            known = seen.numbers.get(name)
            if known is None or known.at < self.began_at:  # no poll since it was made
                if self.began_at == FOREVER_AGO:
                    return Verdict.IS_UNKNOWN
                current_at = min(current_at, self.began_at)
            elif known.number != number:
                return Verdict.IS_OLD
            else:
                current_at = min(current_at, known.at)
        self.current_at = current_at
        return Verdict.CURRENT


class Copies:
    """The pages requested last, up to a number of bytes."""

    def __init__(self, *, max_bytes: int) -> None:
        self.max_bytes, self.size = max_bytes, 0
        self._copies: OrderedDict[Key, Copy] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Key) -> Copy | None:
        with self._lock:
            copy = self._copies.get(key)
            if copy:
                self._copies.move_to_end(key)
            return copy

    def keep(self, copy: Copy) -> None:
        with self._lock:
            self._drop(copy.page.key)
            self._copies[copy.page.key] = copy
            self.size += copy.page.size
            while self.size > self.max_bytes:
                self._drop(next(iter(self._copies)))

    def drop(self, is_due: Callable[[dict[str, int]], bool]) -> None:
        with self._lock:
            for key in [key for key, copy in self._copies.items() if is_due(copy.page.rests_on)]:
                self._drop(key)

    def names(self) -> set[str]:
        """Returns everything that any of the pages depends on."""
        with self._lock:
            return {name for copy in self._copies.values() for name in copy.page.rests_on}

    def kept_keys(self) -> list[Key]:
        with self._lock:
            return list(self._copies)

    def _drop(self, key: Key) -> None:
        if copy := self._copies.pop(key, None):
            self.size -= copy.page.size
