"""A frozen server sends no response and obeys no timeout, so that each waiting client needs its own timeout."""

import os
import signal
import threading
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.db import OperationalError, connections, transaction

from config.database import base, request_deadline
from config.database.reconnect import Door

pytestmark = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="freezes processes of its own server")
TIMER_TOLERANCE = 0.05  # a timer may have been started a little before


@pytest.fixture(autouse=True)
def production_deadlines(settings):
    """The limits under test. A test that waits for each to expire has pytest's own limit."""
    settings.DEADLINE_FACTOR = 1


@pytest.fixture
def link(transactional_db):
    """A connection like those of a web request, used by nothing else."""
    link = connections.create_connection("default")
    with request_deadline.at_most(60):
        link.ensure_connection()
    yield link
    link.close()


@contextmanager
def frozen(link):
    pid = link.connection.info.backend_pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def takes_at_least(seconds):
    """Asserts that the block takes at least this long; pytest ends it if a server never responds."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began >= seconds - TIMER_TOLERANCE


def run_query(link, question="SELECT 1"):
    with link.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()


def test_query_on_frozen_backend_times_out(link):
    with (
        frozen(link),
        request_deadline.at_most(0.4),
        takes_at_least(0.4),
        pytest.raises(OperationalError, match="in time"),
    ):
        run_query(link)
    assert link.connection.closed
    link.close_if_unusable_or_obsolete()
    assert run_query(link) == (1,)


def test_commit_on_frozen_backend_times_out(link):
    link.set_autocommit(False)
    run_query(link)
    with (
        frozen(link),
        request_deadline.at_most(0.4),
        takes_at_least(0.4),
        pytest.raises(OperationalError, match="in time"),
    ):
        link.commit()
    assert link.connection.closed


@pytest.mark.slow
def test_queries_share_the_request_deadline(link):
    with request_deadline.at_most(2), takes_at_least(2):
        run_query(link, "SELECT pg_sleep(0.9)")
        assert request_deadline.current.get().left < 2 - 0.9 + TIMER_TOLERANCE
        with pytest.raises(OperationalError, match="in time"):
            run_query(link, "SELECT pg_sleep(30)")


@pytest.mark.slow
def test_time_outside_queries_does_not_count_towards_deadline(link):
    with request_deadline.at_most(2):
        time.sleep(2.1)
        assert run_query(link) == (1,)


def test_no_query_is_sent_after_deadline(link):
    with request_deadline.at_most(0), takes_at_least(0), pytest.raises(OperationalError):
        run_query(link)
    link.close()
    with (
        request_deadline.at_most(0),
        takes_at_least(0),
        pytest.raises(OperationalError, match="no time left"),
    ):
        run_query(link)


@pytest.mark.slow
def test_health_check_of_frozen_backend_is_short(link):
    link.connection.answered_at -= base.JUST_NOW
    with frozen(link), request_deadline.at_most(60), takes_at_least(base.HEALTH_CHECK):
        link.close_if_unusable_or_obsolete()
        assert request_deadline.current.get().left > 30
        assert run_query(link) == (1,)  # from another backend


@pytest.mark.slow
def test_control_commands_have_no_deadline(link):
    """The control: the same connection, without limits."""
    threading.Timer(1, os.kill, (link.connection.info.backend_pid, signal.SIGCONT)).start()
    os.kill(link.connection.info.backend_pid, signal.SIGSTOP)
    with takes_at_least(1):
        assert run_query(link) == (1,)


def test_only_requests_have_statement_timeout(link):
    assert run_query(link, "SHOW statement_timeout") == ("2s",)
    link.close()
    assert run_query(link, "SHOW statement_timeout") == ("0",)


def test_connection_detects_read_only_server(link):
    assert not link.is_read_only
    run_query(link, "SELECT set_config('default_transaction_read_only', 'on', false)")
    assert link.is_read_only


def test_only_one_thread_connects_to_unresponsive_server():
    door, is_open = Door(), threading.Event()

    def refuse():
        raise psycopg.OperationalError("too many clients")

    def wait():
        assert is_open.wait(120)
        return "link"

    with pytest.raises(psycopg.OperationalError, match="too many"):
        door.open(refuse)
    found = []
    knocking = threading.Thread(target=lambda: found.append(door.open(wait)))
    knocking.start()
    while not door._knocking.locked():
        time.sleep(0.01)
    with pytest.raises(psycopg.OperationalError, match="accepts no connections"):
        door.open(wait)
    is_open.set()
    knocking.join()
    assert found == ["link"]
    assert door.open(lambda: "another") == "another"


@pytest.mark.slow
def test_connection_is_usable_after_transaction_timeout(transactional_db):
    link = connections["default"]
    link.ensure_connection()
    with request_deadline.at_most(0.3), pytest.raises(OperationalError), transaction.atomic():
        run_query(link, "SELECT pg_sleep(1)")
    with transaction.atomic():
        assert run_query(link) == (1,)
