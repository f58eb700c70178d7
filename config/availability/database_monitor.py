"""One thread a process that looks at the database twice a second: what has changed, and does it answer?

Whoever wants to know reads `database`, `seen` and `version_of()`, which never wait. `look_now()` asks for a look
before its time and waits for it, but never long."""

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

LOOK_EVERY = 0.5  # seconds
ANSWER_WITHIN = 0.6  # seconds; what does not answer by then is not well
WAIT_MOST = 0.25  # seconds that a request waits for a look

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Database:
    """How the database is. `since`: when it last was well, if it is not."""

    is_well: bool = True
    is_read_only: bool = False
    since: datetime | None = None


class Known(NamedTuple):
    number: int
    at: float  # when the look began that saw it, on the monotonic clock


@dataclass(frozen=True)
class Seen:
    """What the looks so far have seen. A new one replaces it; it never changes itself."""

    at: float
    numbers: Mapping[str, Known]
    taken_back: frozenset[str]
    look_back_to: datetime  # by the database's clock: what was taken back since may not have been seen yet

    def number_of(self, name: str) -> int | None:
        known = self.numbers.get(name)
        return known.number if known else None


@dataclass(frozen=True)
class Follower:
    """Whoever keeps copies: which names they rest on, and what to do after each look."""

    names: Callable[[], Iterable[str]]
    look_back_to: Callable[
        [], datetime
    ]  # when this process begins: since when it wants to know what was taken back
    after_look: Callable[[Seen], None]


database = Database()
seen: Seen | None = None

_turn = threading.Condition()
_thread: threading.Thread | None = None
_stopping = False
_wanted: set[str] = set()
_is_called = False
_ended_look_of = 0.0  # when the last look began that has ended, well or not
_follower = Follower(tuple, lambda: datetime.now(UTC), lambda seen: None)
_connection: psycopg.Connection[Any] | None = None
_horizon = Horizon()


def version_of(name: str) -> int | None:
    return seen.number_of(name) if seen else None


def follow(follower: Follower) -> None:
    global _follower
    _follower = follower


def start() -> None:
    """Safe to call with every request: in a process that was forked since, the thread of its parent is not alive."""
    global _thread, _stopping
    if _thread and _thread.is_alive():
        return
    with _turn:
        if not (_thread and _thread.is_alive()):
            _stopping = False
            _thread = threading.Thread(target=_keep_looking, name="watch", daemon=True)
            _thread.start()


def stop() -> None:
    """For tests: the thread ends, and nothing it has seen is remembered."""
    global _stopping, _thread, database, seen, _horizon
    with _turn:
        _stopping = True
        _turn.notify_all()
    if _thread:
        _thread.join()
    _thread, database, seen, _horizon = None, Database(), None, Horizon()


def look_now(names: Iterable[str] = (), *, within: float = 0.0) -> bool:
    """Ask for a look that begins from now on and regards these names too; False if it has not ended in time."""
    global _is_called
    start()
    asked_at = time.monotonic()
    with _turn:
        _wanted.update(names)
        _is_called = True
        _turn.notify_all()
        return _turn.wait_for(lambda: _ended_look_of >= asked_at, timeout=within or deadline(WAIT_MOST))


def _keep_looking() -> None:
    global _is_called, _ended_look_of
    next_look = 0.0
    while True:
        with _turn:
            _turn.wait_for(_has_something_to_do, timeout=next_look - time.monotonic())
            names, _is_called = frozenset(_wanted), False
            _wanted.clear()
        if _stopping:
            return _forget_connection()
        began = time.monotonic()
        if is_regular := began >= next_look:
            next_look = began + LOOK_EVERY
            names |= frozenset(_follower.names())
        _look(names, began, is_regular)
        with _turn:
            _ended_look_of = began
            _turn.notify_all()
        if seen and seen.at == began:
            try:
                _follower.after_look(seen)
            except Exception:  # the thread must live on
                log.exception("after a look")


def _has_something_to_do() -> bool:
    return _is_called or _stopping


def _look(names: Iterable[str], began: float, is_regular: bool) -> None:
    global database, seen
    since = seen.look_back_to if seen else _follower.look_back_to()
    try:
        look = _ask(names, since)
    except (psycopg.Error, OSError) as error:
        if database.is_well:
            log.warning("The database does not answer: %s", error or type(error).__name__)
            database = Database(is_well=False, since=datetime.now(UTC))
        return
    except Exception:  # tables that are not there yet, say: the thread must live on
        log.exception("The watch could not look")
        return
    if not database.is_well:
        log.warning("The database answers again")
    fresh = {name: Known(number, began) for name, number in look.numbers.items()}
    earlier = {} if is_regular or seen is None else seen.numbers  # a regular look regards all that is wanted
    seen = Seen(began, {**earlier, **fresh}, look.taken_back, _horizon.after(look.at, look.settled))
    database = Database(is_read_only=look.is_read_only)


def _ask(names: Iterable[str], since: datetime) -> PageVersions:
    """A connection that died while it lay idle is no sign of illness, and another is tried at once; one that keeps
    silent is."""
    began = time.monotonic()
    if _connection is not None:
        try:
            return read_versions(_connection.cursor(), names, since)
        except psycopg.Error:
            _forget_connection()
            if time.monotonic() - began > deadline(ANSWER_WITHIN) / 2:
                raise
    try:
        return read_versions(_connect().cursor(), names, since)
    except psycopg.Error:
        _forget_connection()
        raise


class _Impatient(psycopg.Connection[Any]):
    """A frozen server answers nothing, and none of its own timeouts helps: whoever asks must count the time."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        return super().wait(gen, interval=interval, timeout=timeout or deadline(ANSWER_WITHIN))


def _connect() -> psycopg.Connection[Any]:
    """Outside of Django's connections: those belong to requests, and are more patient."""
    global _connection
    said = connections["default"].get_connection_params()
    told = {name: said[name] for name in said.keys() - {"context", "cursor_factory", "prepare_threshold"}}
    _connection = _Impatient.connect(**told, autocommit=True)
    return _connection


def _forget_connection() -> None:
    global _connection
    if _connection is not None:
        with suppress(psycopg.Error):
            _connection.close()
    _connection = None
