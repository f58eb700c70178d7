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
EARLY = 0.05  # a timer may have been started a little before


@pytest.fixture(autouse=True)
def as_in_production(settings):
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
def taking(seconds):
    """Asserts that the block takes at least this long; pytest ends it if a server never responds."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began >= seconds - EARLY


def ask(link, question="SELECT 1"):
    with link.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()


def test_a_frozen_backend_is_given_up(link):
    with (
        frozen(link),
        request_deadline.at_most(0.4),
        taking(0.4),
        pytest.raises(OperationalError, match="in time"),
    ):
        ask(link)
    assert link.connection.closed
    link.close_if_unusable_or_obsolete()
    assert ask(link) == (1,)


def test_a_commit_is_given_up(link):
    link.set_autocommit(False)
    ask(link)
    with (
        frozen(link),
        request_deadline.at_most(0.4),
        taking(0.4),
        pytest.raises(OperationalError, match="in time"),
    ):
        link.commit()
    assert link.connection.closed


def test_all_questions_share_the_patience_of_the_request(link):
    with request_deadline.at_most(2), taking(2):
        ask(link, "SELECT pg_sleep(0.9)")
        assert request_deadline.current.get().left < 2 - 0.9 + EARLY
        with pytest.raises(OperationalError, match="in time"):
            ask(link, "SELECT pg_sleep(30)")


def test_what_is_not_spent_waiting_does_not_count(link):
    with request_deadline.at_most(2):
        time.sleep(2.1)
        assert ask(link) == (1,)


def test_without_patience_nothing_is_sent(link):
    with request_deadline.at_most(0), taking(0), pytest.raises(OperationalError):
        ask(link)
    link.close()
    with request_deadline.at_most(0), taking(0), pytest.raises(OperationalError, match="no time left"):
        ask(link)


def test_health_is_looked_at_briefly(link):
    link.connection.answered_at -= base.JUST_NOW
    with frozen(link), request_deadline.at_most(60), taking(base.HEALTH_CHECK):
        link.close_if_unusable_or_obsolete()
        assert request_deadline.current.get().left > 30
        assert ask(link) == (1,)  # from another backend


def test_commands_wait_as_long_as_it_takes(link):
    """The control: the same connection, without limits."""
    threading.Timer(1, os.kill, (link.connection.info.backend_pid, signal.SIGCONT)).start()
    os.kill(link.connection.info.backend_pid, signal.SIGSTOP)
    with taking(1):
        assert ask(link) == (1,)


def test_only_requests_have_the_short_limits_of_the_server(link):
    assert ask(link, "SHOW statement_timeout") == ("2s",)
    link.close()
    assert ask(link, "SHOW statement_timeout") == ("0",)


def test_the_server_says_by_itself_that_it_is_read_only(link):
    assert not link.is_read_only
    ask(link, "SELECT set_config('default_transaction_read_only', 'on', false)")
    assert link.is_read_only


def test_one_at_a_time_knocks_at_a_door_that_is_stuck():
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


def test_a_transaction_that_was_given_up_leaves_a_good_connection_behind(transactional_db):
    link = connections["default"]
    link.ensure_connection()
    with request_deadline.at_most(0.3), pytest.raises(OperationalError), transaction.atomic():
        ask(link, "SELECT pg_sleep(1)")
    with transaction.atomic():
        assert ask(link) == (1,)
