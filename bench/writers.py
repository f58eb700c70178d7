"""Sixteen clients that write, in two processes of eight threads, each with its own database connection."""

import multiprocessing
import pickle
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any, Protocol

import django

PROCESSES, THREADS = 2, 8
CLIENTS = PROCESSES * THREADS
WARM_UP = 12  # times: from the eleventh on, the database uses plans that it keeps
PATIENCE = 60  # seconds for all of them to be ready


class Work(Protocol):
    """Sent to another process, where it makes the function that each client calls over and over."""

    def client(self, number: int) -> Callable[[], Any]: ...


@dataclass
class _Crew:
    work: Work
    seconds: float
    ready: Barrier

    def run(self, process: int) -> int:
        counts = [0] * THREADS
        threads = [threading.Thread(target=self._client, args=(process, n, counts)) for n in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(counts) if all(counts) else 0

    def _client(self, process: int, thread: int, counts: list[int]) -> None:
        try:
            act = self.work.client(process * THREADS + thread)
            for _ in range(WARM_UP):
                act()
        except BaseException:
            self.ready.abort()  # the others would wait in vain
            raise
        self.ready.wait(PATIENCE)
        until, count = time.monotonic() + self.seconds, 0
        while time.monotonic() < until:
            act()
            count += 1
        counts[thread] = count


def per_second(work: Work, *, seconds: float) -> float:
    """Returns how often per second all of them together did it."""
    context = multiprocessing.get_context("spawn")
    ready, found = context.Barrier(CLIENTS), context.Queue()
    # Models can only be unpickled when Django is ready, which is later than the arguments of a process are.
    packed = pickle.dumps(work)
    processes = [
        context.Process(target=_run, args=(packed, seconds, ready, n, found)) for n in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    try:
        counts = [found.get(timeout=PATIENCE + 10 * seconds) for _ in processes]
    finally:
        for process in processes:
            process.join(timeout=10)
            process.kill()
    if not all(counts):
        raise RuntimeError("A client that writes has failed.")
    return sum(counts) / seconds


def _run(packed: bytes, seconds: float, ready: Barrier, process: int, found: Any) -> None:
    """Reports how often it was done in this process; 0 for a failure."""
    count = 0
    try:
        django.setup()
        count = _Crew(pickle.loads(packed), seconds, ready).run(process)
    finally:
        found.put(count)
