"""Keeps child processes running: restarts each one that ends, and stops all of them on a signal."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

SOONEST, LATEST = 0.5, 15.0  # seconds before a child that ended is restarted; doubled each time
HEALTHY = 30.0  # seconds that a child must live for its earlier ends to be forgotten
FINISH_WITHIN = 8.0  # seconds for an orderly stop; the web server gives its own workers 5
TICK = 0.1
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A program to keep running, in its own session so that Ctrl-C in the terminal only reaches this process."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0
    start_at: float = 0
    delay: float = SOONEST

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - Belfry's own commands
            self.command, start_new_session=True, preexec_fn=_end_with_parent(os.getpid())
        )

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def plan_restart(self) -> None:
        """Reports that it ended, and schedules a restart."""
        assert self.process is not None  # noqa: S101 - it has ended, so it was started
        self.kill()  # workers of a killed web server would share the port with the next one
        now = time.monotonic()
        if now - self.started_at > HEALTHY:
            self.delay = SOONEST
        say(f"{self.name} ended ({_how(self.process.returncode)}); starting it again in {self.delay:g} s")
        self.process, self.start_at = None, now + self.delay
        self.delay = min(self.delay * 2, LATEST)

    def terminate(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """Kills it and everything that it started."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):  # macOS raises it for a group of zombies
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Children:
    """Child processes that run and stop together."""

    children: list[Child]
    each_tick: Callable[[], None] = lambda: None
    signals: int = field(default=0, init=False)

    def keep_running(self) -> None:
        """Returns after a signal, once every child has ended."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._count_signal)
        try:
            while not self.signals:
                self._look_after_each()
                self.each_tick()
                time.sleep(TICK)
        finally:
            self._stop()

    def _count_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.signals += 1

    def _look_after_each(self) -> None:
        for child in self.children:
            if child.has_ended():
                child.plan_restart()
            elif child.process is None and time.monotonic() >= child.start_at:
                child.start()

    def _stop(self) -> None:
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + FINISH_WITHIN
        while any(child.process and not child.has_ended() for child in self.children):
            if time.monotonic() > deadline or self.signals > 1:  # a second Ctrl-C stops at once
                break
            time.sleep(0.02)
        for child in self.children:
            child.kill()


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _how(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


def _end_with_parent(parent: int) -> Callable[[], None] | None:
    """On Linux, the kernel stops the child if this process is killed and cannot do so."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask_the_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # killed before the call to prctl
            os._exit(1)

    return ask_the_kernel
