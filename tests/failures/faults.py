"""Database faults, each as a context manager during which the fault lasts. Afterwards the database works again."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path

import psycopg

from tests.failures.forum import Forum

Fault = Callable[[Forum], AbstractContextManager[None]]


@contextmanager
def stopped(forum: Forum) -> Iterator[None]:
    forum.stop_database()
    yield
    assert forum.server.revive()


@contextmanager
def killed(forum: Forum) -> Iterator[None]:
    os.kill(forum.postmaster(), signal.SIGKILL)
    yield
    assert forum.server.revive()


@contextmanager
def frozen(pids: Callable[[Forum], list[int]], forum: Forum) -> Iterator[None]:
    still = pids(forum)
    for pid in still:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in still:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def one_backend(forum: Forum) -> list[int]:
    return forum.backends()[:1]


def postmaster(forum: Forum) -> list[int]:
    return [forum.postmaster()]


def all_processes(forum: Forum) -> list[int]:
    """Stops the postmaster and all its children, like a virtual machine that hangs."""
    first = forum.postmaster()
    return [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]


@contextmanager
def read_only(forum: Forum) -> Iterator[None]:
    _as_superuser(forum, "ALTER SYSTEM SET default_transaction_read_only = on")
    yield
    _as_superuser(forum, "ALTER SYSTEM RESET default_transaction_read_only")


@contextmanager
def connections_exhausted(forum: Forum) -> Iterator[None]:
    """Every connection is in use, including the web server's own."""
    taken: list[psycopg.Connection] = []
    try:
        _take_all(forum, taken)
        for pid in [pid for pid in _pids(forum) if pid not in {link.info.backend_pid for link in taken}]:
            _as_superuser(forum, f"SELECT pg_terminate_backend({pid})", reload=False)
            _take_all(forum, taken)
        yield
    finally:
        for link in taken:
            link.close()


def _take_all(forum: Forum, taken: list[psycopg.Connection]) -> None:
    with suppress(psycopg.OperationalError):
        while True:
            taken.append(psycopg.connect(forum.server.dsn(), connect_timeout=2))


def _pids(forum: Forum) -> list[int]:
    found = forum.query_database("SELECT pid FROM pg_stat_activity WHERE usename = 'belfry'", user="postgres")
    return [pid for (pid,) in found]


def _as_superuser(forum: Forum, statement: str, *, reload: bool = True) -> None:
    forum.query_database(statement, user="postgres")
    if reload:
        forum.query_database("SELECT pg_reload_conf()", user="postgres")


FAULTS: dict[str, Fault] = {
    "stopped": stopped,
    "killed": killed,
    "a backend frozen": partial(frozen, one_backend),
    "the postmaster frozen": partial(frozen, postmaster),
    "all of it frozen": partial(frozen, all_processes),
    "read-only": read_only,
    "out of connections": connections_exhausted,
}
