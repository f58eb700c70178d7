"""What a piece of work costs, told in seconds of a machine that is left alone.

Processor time leaves out what other programs of this machine do, but not what its neighbours on the same processor
take: there the same work is charged up to twice at times. So each measurement stands beside one of work that never
changes, and what that costs too much is taken off.
"""

import gc
import math
from collections.abc import Callable
from html.parser import HTMLParser
from time import monotonic, process_time

QUIET = 0.0063  # seconds that YARDSTICK takes where docs/performance.md was measured, left alone
SAMPLES = 30  # a fifth of a second where the machine is left alone: longer than a turn of other processes
YARDSTICK = '<p>Some <em>words</em>, and a <a href="/x/" title="y">link</a> &amp; more.</p>\n' * 400


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """The best of `times`. The collector rests: it would go through all that the tests hold, which no web worker
    does."""
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
    """By what factor to multiply a bound on elapsed time here and now: 1 where the machine is left alone. Work that
    must wait for a processor does so in each process it passes through, hence twice the slowness."""
    began = monotonic()
    for _ in range(SAMPLES):
        _read()
    slowness = (monotonic() - began) / (SAMPLES * QUIET)
    return max(1.0, 2 * slowness - 1)


def _slowness() -> float:
    """1 where the machine is left alone, or quicker than the one that budgets were set on; 2 where all takes twice."""
    return max(1.0, _seconds(_read) / QUIET)


def _read() -> None:
    reader = HTMLParser()
    reader.feed(YARDSTICK)
    reader.close()


def _seconds(work: Callable[[], object]) -> float:
    begun = process_time()
    work()
    return process_time() - begun
