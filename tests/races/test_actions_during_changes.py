"""Every act on a post or a member, with a change of rights or place at the same moment: nobody does what they no
longer may, no text is lost, nothing is an error.

In a third of the rounds the change is committed while the acts wait for their topics' locks; in a third after the
member was read and before their view runs; in a third both begin at once, and the commit order decides.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import client as test_client

from accounts.access import actor as access_actor
from accounts.auth.middleware import SuspensionMiddleware
from forum.access.errors import ActionError
from forum.models import Topic
from forum.models.row_lock import lock_row
from tests.conftest import browser_of
from tests.races.actions_and_changes import (
    CHANGES,
    STILL_ALLOWED,
    Change,
    Stage,
    make_place,
    make_stages,
    reset_round,
)
from tests.races.attempts import ROUND_TIMEOUT, Attempt, Gate, query_number, was_done, without_timeouts
from tests.races.crowd import count_deadlocks, run_often

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def keep_connections_open(monkeypatch):
    """The test client disconnects the signals that close a thread's connection during a request, and reconnects them
    after it: of two threads, one closes the other's connection in the middle of its transaction."""
    signals = (request_started, request_finished)
    monkeypatch.setattr(test_client, "close_old_connections", lambda **said: None)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def wait_at_gates(monkeypatch):
    """Attempts wait at their gate once their member was read."""
    asked = SuspensionMiddleware.process_view

    def process_view(self, request, *given):
        answer = asked(self, request, *given)
        attempt = threading.current_thread()
        if isinstance(attempt, Attempt):
            attempt.gate.pass_through(attempt)
        return answer

    monkeypatch.setattr(SuspensionMiddleware, "process_view", process_view)


@pytest.fixture
def place(noor, ben):
    return make_place(noor, ben)


def change_while_actions_wait(stages: list[Stage], change: Change) -> tuple[list[Attempt], int]:
    """The change holds the topics' locks; it is committed when all attempts wait for them, or have ended."""
    gate = Gate(is_open=True)
    attempts = [Attempt(stage, gate) for stage in stages]
    with without_timeouts():
        for stage in sorted(stages, key=lambda stage: stage.topic.pk):
            lock_row(Topic, stage.topic.pk)
        for attempt in attempts:
            attempt.start()
        _wait_until_blocked(attempts)
        for stage in stages:
            change.make(stage)
        number = query_number("SELECT pg_current_xact_id()::text::bigint")
    return attempts, number


def _wait_until_blocked(attempts: list[Attempt]) -> None:
    deadline = time.monotonic() + ROUND_TIMEOUT
    while time.monotonic() < deadline:
        running = [attempt.pid for attempt in attempts if attempt.is_alive()]
        # Not from pg_stat_activity, which does not change within a transaction.
        blocked = query_number(
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid = ANY(%s)", running
        )
        if blocked == len(running):
            return
        time.sleep(0.005)
    raise AssertionError("they neither wait nor end")


def change_after_members_were_read(stages: list[Stage], change: Change) -> tuple[list[Attempt], int]:
    gate = Gate(is_open=False)
    attempts = [Attempt(stage, gate) for stage in stages]
    try:
        for attempt in attempts:
            attempt.start()
        gate.wait_for(attempts)
        number = _apply_change(stages, change)
    finally:
        gate.open()
    return attempts, number


def change_at_the_same_time(stages: list[Stage], change: Change) -> tuple[list[Attempt], int]:
    gate = Gate(is_open=True)
    attempts = [Attempt(stage, gate, delay=random.random() / 50) for stage in stages]
    for attempt in attempts:
        attempt.start()
    time.sleep(random.random() / 20)
    return attempts, _apply_change(stages, change)


def _apply_change(stages: list[Stage], change: Change) -> int:
    with without_timeouts():
        for stage in sorted(stages, key=lambda stage: stage.topic.pk):
            if change.changes_place:
                lock_row(Topic, stage.topic.pk)
        for stage in stages:
            with suppress(ActionError):  # the act was first, and left nothing to change
                change.make(stage)
        return query_number("SELECT pg_current_xact_id()::text::bigint")


TIMINGS: list[Callable[[list[Stage], Change], tuple[list[Attempt], int]]] = [
    change_while_actions_wait,
    change_after_members_were_read,
    change_at_the_same_time,
]


def allowed_after_change(stages: list[Stage], change: Change) -> set[str]:
    """Runs the acts after all changes: which of them are done?"""
    done = set()
    for stage in stages:
        with without_timeouts():
            change.make(stage)
            address, fields = stage.act.form(stage)
            if was_done(stage, browser_of(stage.person).post(address, fields)):
                done.add(stage.act.name)
            transaction.set_rollback(True)
    return done


def committed_first(attempt: Attempt, change: int) -> bool:
    """Was the attempt committed before the change?"""
    at = "pg_xact_commit_timestamp(%s::text::xid)"
    return bool(query_number(f"SELECT ({at} < {at})::int", attempt.number % 2**32, change % 2**32))


def faults_of(attempt: Attempt, change: int, may: set[str]) -> Iterator[str]:
    if attempt.error is not None:
        yield f"error: {type(attempt.error).__name__}: {attempt.error}"
    elif attempt.response is not None and attempt.response.status_code >= 500:
        yield f"error: {attempt.response.status_code}"
    elif attempt.has_lost_its_text:
        yield "text lost"
    elif attempt.is_done and attempt.stage.act.name not in may and not committed_first(attempt, change):
        yield "done without the right"


@contextmanager
def without_rereading_member():
    """The control: members keep the rights that they had when their request began."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(access_actor, "_reload", lambda by, lock: None)
        yield


def run_rounds(stages: list[Stage], change: Change, rounds: int, *, first: int = 0) -> Counter[str]:
    stages = [stage for stage in stages if stage.act.role in change.roles]
    may = allowed_after_change(stages, change) | (STILL_ALLOWED if change.changes_place else set())
    found, done = Counter[str](), set[str]()
    for number in range(first, first + rounds):
        if number > first:
            stages = reset_round(stages, change, done)
        attempts, committed = TIMINGS[number % len(TIMINGS)](stages, change)
        for attempt in attempts:
            attempt.join(ROUND_TIMEOUT)
            found.update(f"{attempt.stage.act.name}: {fault}" for fault in faults_of(attempt, committed, may))
        done = {attempt.stage.act.name for attempt in attempts if attempt.is_done}
        found["tried"] += len(attempts)
        found["done"] += len(done)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("change_name", CHANGES)
@run_often(1, 200)
def test_action_after_losing_the_right_has_no_effect(place, change_name, times):
    """Every day each change goes one way, and three changes go each; as a drill, every change goes every way."""
    before = count_deadlocks()
    found = run_rounds(
        make_stages(place), CHANGES[change_name], times, first=list(CHANGES).index(change_name)
    )
    tried, done = found.pop("tried"), found.pop("done")
    print(f"{change_name}: {times} rounds, {tried} acts, {done} done rightly; {dict(found) or 'no faults'}")
    assert not +found
    assert count_deadlocks() == before


@pytest.mark.slow
@pytest.mark.parametrize("change_name", ["suspended", "demoted"])
def test_control_without_rereading_member_actions_take_effect(place, change_name):
    with without_rereading_member():
        found = run_rounds(
            make_stages(place), CHANGES[change_name], 1, first=TIMINGS.index(change_after_members_were_read)
        )
    assert sum(many for fault, many in found.items() if fault.endswith("done without the right")) > 5
