"""A connection is reused without a health check: a connection that the server closed has reported it."""

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql import base as postgresql

from config.database import base

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def another():
    """Another connection to the same server, as an administrator."""
    asked = connection.get_connection_params()
    with psycopg.connect(
        host=asked["host"], dbname=asked["dbname"], user=asked["user"], autocommit=True
    ) as server:
        yield server


@pytest.fixture
def asked(monkeypatch) -> list[bool]:
    """Counts the health checks."""
    times = []
    ask = postgresql.DatabaseWrapper.is_usable
    monkeypatch.setattr(postgresql.DatabaseWrapper, "is_usable", lambda self: times.append(True) or ask(self))
    return times


def answered(seconds_ago: float = 0.0) -> None:
    connection.ensure_connection()
    connection.connection.execute("SELECT 1")
    connection.connection.answered_at -= seconds_ago


def test_one_that_answered_just_now_is_not_asked_again(asked):
    answered()
    assert connection.is_usable()
    assert asked == []


def test_one_that_has_rested_is(asked):
    answered(seconds_ago=base.JUST_NOW)
    assert connection.is_usable()
    assert asked == [True]


def test_one_that_the_server_has_ended_is_not_usable(another):
    answered()
    pid = connection.connection.info.backend_pid
    assert another.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone() == (True,)
    assert not connection.is_usable()
    connection.close()


def test_one_that_was_closed_here_is_not_usable():
    answered()
    connection.connection.close()
    assert not connection.is_usable()
    connection.close()
