"""A connection is reused without a health check: a connection that the server closed has reported it."""

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql import base as postgresql

from config.database import base

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin_connection():
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


def run_query(seconds_ago: float = 0.0) -> None:
    connection.ensure_connection()
    connection.connection.execute("SELECT 1")
    connection.connection.answered_at -= seconds_ago


def test_recently_used_connection_is_not_checked(asked):
    run_query()
    assert connection.is_usable()
    assert asked == []


def test_idle_connection_is_checked(asked):
    run_query(seconds_ago=base.JUST_NOW)
    assert connection.is_usable()
    assert asked == [True]


def test_connection_ended_by_server_is_not_usable(admin_connection):
    run_query()
    pid = connection.connection.info.backend_pid
    assert admin_connection.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone() == (True,)
    assert not connection.is_usable()
    connection.close()


def test_locally_closed_connection_is_not_usable():
    run_query()
    connection.connection.close()
    assert not connection.is_usable()
    connection.close()
