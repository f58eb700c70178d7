"""Whether a copy of a page is up to date."""

from dataclasses import dataclass, field
from enum import Enum, auto
from math import inf

from config.availability.database_monitor import Seen
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
