"""What a piece of work costs, in seconds of an idle machine.

Processor time leaves out what other programs of this machine do, but not what its neighbours on the same processor
use: there the same work is charged up to twice at times. So each measurement is paired with one of constant work, and
the excess of that is subtracted.
"""

import gc
import math
from collections.abc import Callable
from html.parser import HTMLParser
from time import monotonic, process_time

IDLE_SECONDS = 0.0063  # seconds that YARDSTICK takes where docs/performance.md was measured, when idle
SAMPLES = 30  # a fifth of a second on an idle machine: longer than a time slice of other processes
YARDSTICK = '<p>Some <em>words</em>, and a <a href="/x/" title="y">link</a> &amp; more.</p>\n' * 400


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """Returns the best of `times`. Garbage collection is off: it would go through all that the tests hold, which no
    web worker does."""
    best = math.inf
    gc.disable()
    try:
        before = _slowness()
        for _ in range(times):
            took = _seconds(work)
            after = _slowness()
            best = min(best, took / min(before, after))
            before = after
    finally:
        gc.enable()
    return best


def stretch() -> float:
    """Returns the factor for a bound on elapsed time here and now: 1 on an idle machine. Work that must wait for a
    processor does so in each process it passes through, hence twice the slowness."""
    began = monotonic()
    for _ in range(SAMPLES):
        _read()
    slowness = (monotonic() - began) / (SAMPLES * IDLE_SECONDS)
    return max(1.0, 2 * slowness - 1)


def _slowness() -> float:
    """Returns 1 on an idle machine, or one quicker than that which budgets were set on; 2 where all takes twice as
    long."""
    return max(1.0, _seconds(_read) / IDLE_SECONDS)


def _read() -> None:
    reader = HTMLParser()
    reader.feed(YARDSTICK)
    reader.close()


def _seconds(work: Callable[[], object]) -> float:
    begun = process_time()
    work()
    return process_time() - begun
