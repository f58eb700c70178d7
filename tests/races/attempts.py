"""Submitted forms, each in a thread and a transaction of its own, and the gate where they wait."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.http import HttpResponse

from tests.conftest import browser_of
from tests.races.actions_and_changes import (
    TEXT,
    Stage,
)

ROUND_TIMEOUT = 120  # seconds that a round may take on the slowest machine


class Attempt(threading.Thread):
    """One submitted form. `number` is that of the transaction in which all of it happened."""

    def __init__(self, stage: Stage, gate: "Gate", *, delay: float = 0) -> None:
        super().__init__(daemon=True)
        self.stage, self.gate, self.delay = stage, gate, delay
        self.client, (self.address, self.fields) = browser_of(stage.person), stage.act.form(stage)
        self.pid = self.number = 0
        self.response: HttpResponse | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            with without_timeouts():
                self.pid = query_number("SELECT pg_backend_pid()")
                time.sleep(self.delay)
                self.response = self.client.post(self.address, self.fields)
                self.number = query_number("SELECT pg_current_xact_id()::text::bigint")
        except Exception as error:  # noqa: BLE001 - counted
            self.error = error
        finally:
            self.gate.arrive(self)
            connection.close()

    @property
    def is_done(self) -> bool:
        return self.response is not None and was_done(self.stage, self.response)

    @property
    def has_lost_its_text(self) -> bool:
        if not self.stage.act.has_text or self.is_done or self.response is None:
            return False
        return TEXT not in self.response.text


def was_done(stage: Stage, response: HttpResponse) -> bool:
    return response.status_code == 302 and (stage.act.was_done is None or stage.act.was_done(stage))


class Gate:
    """Where attempts wait after reading the member, until the change is committed."""

    def __init__(self, *, is_open: bool) -> None:
        self.arrived: set[threading.Thread] = set()
        self.changed = threading.Condition()
        self.is_open = is_open

    def arrive(self, attempt: threading.Thread) -> None:
        with self.changed:
            self.arrived.add(attempt)
            self.changed.notify_all()

    def pass_through(self, attempt: threading.Thread) -> None:
        self.arrive(attempt)
        with self.changed:
            assert self.changed.wait_for(lambda: self.is_open, ROUND_TIMEOUT)

    def open(self) -> None:
        with self.changed:
            self.is_open = True
            self.changed.notify_all()

    def wait_for(self, attempts: list[Attempt]) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.arrived >= set(attempts), ROUND_TIMEOUT)


@contextmanager
def without_timeouts() -> Iterator[None]:
    """A transaction without time limits: on a busy machine they say nothing."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


def query_number(question: str, *given: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return cursor.fetchone()[0]
