"""Cached pages in this process's memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from config.page_cache.cache_key import Key
from config.page_cache.freshness import Copy


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
