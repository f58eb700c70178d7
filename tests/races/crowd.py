"""What the races share: crowds, wider windows, and how often a race is run."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from tests.conftest import make_user
from tests.support.drills import rounds


def run_often(everyday: int, full: int) -> pytest.MarkDecorator:
    """Parametrizes `times`: a few rounds in every test run, the full number as a drill."""
    drill = pytest.param(rounds(full), marks=pytest.mark.drill, id="drill")
    return pytest.mark.parametrize("times", [pytest.param(everyday, id="everyday"), drill])


def crowd(people: int, role: str = "member") -> list[User]:
    return [make_user(f"{role}{number}", role) for number in range(people)]


@contextmanager
def slow_inserts(table: str, seconds: float) -> Iterator[None]:
    """Widens a window: each insert into this table takes so long, holding the locks it has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(TG_ARGV[0]::float); RETURN NEW; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER dawdle BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION dawdle('{seconds}')"
        )
        try:
            yield
        finally:
            cursor.execute(f"DROP TRIGGER dawdle ON {table}")


def with_random_delay(act: Callable[..., Any], **kwargs: Any) -> Callable[[], Any]:
    """Returns the act, begun up to 10 ms late, so that either of two may be first."""

    def late() -> Any:
        time.sleep(random.random() / 100)
        return act(**kwargs)

    return late


def count_deadlocks() -> int:
    """Returns how many deadlocks PostgreSQL has ever resolved in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]
