"""Polls the database twice a second, in one thread per process: which versions changed, and does it respond?

`database`, `seen` and `version_of()` never wait. `poll_now()` requests an immediate poll and waits briefly for it.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import psycopg
from django.db import connections

from config.database.horizon import Horizon
from config.database.request_deadline import deadline
from forum.web.page_versions import PageVersions, read_versions

POLL_INTERVAL = 0.5  # seconds
RESPONSE_TIMEOUT = 0.6  # seconds; a database that takes longer counts as unavailable
MAX_WAIT = 0.25  # seconds that a request waits for a poll

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Database:
    """The state of the database. `since`: when an outage was first seen."""

    is_well: bool = True
    is_read_only: bool = False
    since: datetime | None = None


class Known(NamedTuple):
    number: int
    at: float  # when the poll that read it began, on the monotonic clock


@dataclass(frozen=True)
class Seen:
    """The results of the polls so far. Immutable: each poll replaces it."""

    at: float
    numbers: Mapping[str, Known]
    taken_back: frozenset[str]
    removals_since: datetime  # by the database's clock: the next poll must read removals from this time on

    def number_of(self, name: str) -> int | None:
        known = self.numbers.get(name)
        return known.number if known else None


@dataclass(frozen=True)
class Follower:
    """A cache: the names it depends on, and what to call after each poll."""

    names: Callable[[], Iterable[str]]
    removals_since: Callable[[], datetime]  # the same when this process starts
    after_poll: Callable[[Seen], None]


database = Database()
seen: Seen | None = None

_condition = threading.Condition()
_thread: threading.Thread | None = None
_stopping = False
_requested_names: set[str] = set()
_is_requested = False
_last_poll_began = 0.0  # when the last completed poll began, successful or not
_follower = Follower(tuple, lambda: datetime.now(UTC), lambda seen: None)
_connection: psycopg.Connection[Any] | None = None
_horizon = Horizon()


def version_of(name: str) -> int | None:
    return seen.number_of(name) if seen else None


def follow(follower: Follower) -> None:
    global _follower
    _follower = follower


def start() -> None:
    """Call it with every request: after a fork, the parent's thread does not exist in the child."""
    global _thread, _stopping
    if _thread and _thread.is_alive():
        return
    with _condition:
        if not (_thread and _thread.is_alive()):
            _stopping = False
            _thread = threading.Thread(target=_poll_forever, name="watch", daemon=True)
            _thread.start()


def stop() -> None:
    """For tests: stops the thread and forgets everything."""
    global _stopping, _thread, database, seen, _horizon
    with _condition:
        _stopping = True
        _condition.notify_all()
    if _thread:
        _thread.join()
    _thread, database, seen, _horizon = None, Database(), None, Horizon()


def poll_now(names: Iterable[str] = (), *, within: float = 0.0) -> bool:
    """Requests a poll that starts now and includes these names. Returns False if it is not done in time."""
    global _is_requested
    start()
    requested_at = time.monotonic()
    with _condition:
        _requested_names.update(names)
        _is_requested = True
        _condition.notify_all()
        return _condition.wait_for(
            lambda: _last_poll_began >= requested_at, timeout=within or deadline(MAX_WAIT)
        )


def _poll_forever() -> None:
    global _is_requested, _last_poll_began
    next_poll = 0.0
    while True:
        with _condition:
            _condition.wait_for(_has_something_to_do, timeout=next_poll - time.monotonic())
            names, _is_requested = frozenset(_requested_names), False
            _requested_names.clear()
        if _stopping:
            return _forget_connection()
        began = time.monotonic()
        if is_regular := began >= next_poll:
            next_poll = began + POLL_INTERVAL
            names |= frozenset(_follower.names())
        _poll(names, began, is_regular)
        with _condition:
            _last_poll_began = began
            _condition.notify_all()
        if seen and seen.at == began:
            try:
                _follower.after_poll(seen)
            except Exception:  # the thread must survive
                log.exception("The page cache failed after a poll of the database")


def _has_something_to_do() -> bool:
    return _is_requested or _stopping


def _poll(names: Iterable[str], began: float, is_regular: bool) -> None:
    global database, seen
    since = seen.removals_since if seen else _follower.removals_since()
    try:
        versions = _read(names, since)
    except (psycopg.Error, OSError) as error:
        if database.is_well:
            log.warning("The database does not respond: %s", error or type(error).__name__)
            database = Database(is_well=False, since=datetime.now(UTC))
        return
    except Exception:  # such as tables that do not exist yet: the thread must survive
        log.exception("The database monitor failed")
        return
    if not database.is_well:
        log.warning("The database responds again")
    fresh = {name: Known(number, began) for name, number in versions.numbers.items()}
    earlier = {} if is_regular or seen is None else seen.numbers  # a regular poll reads every wanted name
    seen = Seen(
        began, {**earlier, **fresh}, versions.taken_back, _horizon.after(versions.at, versions.settled)
    )
    database = Database(is_read_only=versions.is_read_only)


def _read(names: Iterable[str], since: datetime) -> PageVersions:
    """Retries once on a new connection if an idle one turns out to be dead: that is no outage. One that does not
    respond is."""
    began = time.monotonic()
    if _connection is not None:
        try:
            return read_versions(_connection.cursor(), names, since)
        except psycopg.Error:
            _forget_connection()
            if time.monotonic() - began > deadline(RESPONSE_TIMEOUT) / 2:
                raise
    try:
        return read_versions(_connect().cursor(), names, since)
    except psycopg.Error:
        _forget_connection()
        raise


class _Impatient(psycopg.Connection[Any]):
    """Enforces the timeout on the client: a frozen server ignores its own."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        return super().wait(gen, interval=interval, timeout=timeout or deadline(RESPONSE_TIMEOUT))


def _connect() -> psycopg.Connection[Any]:
    """Opens a connection separate from Django's, whose timeouts are longer."""
    global _connection
    params = connections["default"].get_connection_params()
    options = {
        name: params[name] for name in params.keys() - {"context", "cursor_factory", "prepare_threshold"}
    }
    _connection = _Impatient.connect(**options, autocommit=True)
    return _connection


def _forget_connection() -> None:
    global _connection
    if _connection is not None:
        with suppress(psycopg.Error):
            _connection.close()
    _connection = None
