"""A least-recently-used cache in the memory of this process, bounded by total size."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class LruCache(Generic[Value]):
    def __init__(self, *, most: int, size_of: Callable[[Value], int]) -> None:
        """`most`: the largest total size, measured by `size_of`."""
        self.most, self.size_of = most, size_of
        self.size = 0
        self._things: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        with self._lock:
            thing = self._things.get(key)
            if thing is not None:
                self._things.move_to_end(key)
            return thing

    def put(self, key: Hashable, thing: Value) -> Value:
        with self._lock:
            self._drop(key)
            self._things[key] = thing
            self.size += self.size_of(thing)
            while self.size > self.most and len(self._things) > 1:
                self._drop(next(iter(self._things)))
        return thing

    def clear(self) -> None:
        with self._lock:
            self._things.clear()
            self.size = 0

    def _drop(self, key: Hashable) -> None:
        if (thing := self._things.pop(key, None)) is not None:
            self.size -= self.size_of(thing)
