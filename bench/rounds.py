"""How often and how long everything is measured. Measurements that are compared take turns, so that noise on the
machine affects all of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from tqdm import tqdm


@dataclass(frozen=True)
class Rounds:
    number: int = 5
    percent: int = 100  # of each measurement's length

    def seconds(self, full: float) -> float:
        return full * self.percent / 100

    def times(self, full: int) -> int:
        return max(1, full * self.percent // 100)

    def each(self, what: str) -> Iterator[int]:
        yield from tqdm(range(self.number), desc=what, unit=" rounds", leave=False)
