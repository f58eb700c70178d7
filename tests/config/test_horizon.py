"""Since when the next look must ask what was taken back: from before whatever may still become visible."""

from datetime import UTC, datetime, timedelta

import pytest

from config import horizon
from config.horizon import Horizon

START = datetime(2026, 1, 1, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def no_late_pages(monkeypatch):
    monkeypatch.setattr(horizon, "LATE_PAGES", timedelta(0))


@pytest.fixture
def look():
    """A look at so many seconds, with the oldest transaction that runs and the number of the next; the answer is
    since when the next look asks, in seconds."""
    seen, since = Horizon(), [at(-100)]

    def look(seconds: float, oldest: int, following: int) -> float:
        since[0] = seen.after(at(seconds), oldest_running=oldest, next_id=following, looked_back_to=since[0])
        return (since[0] - START).total_seconds()

    return look


def test_where_nobody_writes_everything_is_seen(look):
    assert [look(n, 10, 10) for n in range(3)] == [0, 1, 2]


def test_a_transaction_that_runs_for_long_keeps_its_beginning_in_view(look):
    look(0, 10, 10)
    look(5, 12, 12)
    assert [look(second, 12, 20 + second) for second in range(6, 4_000, 7)] == [5] * len(range(6, 4_000, 7))
    assert look(4_000, 4_020, 4_020) == 4_000


def test_many_short_ones_do_not_keep_it_back(look):
    look(0, 10, 10)
    assert [look(second, 10 + 5 * second - 3, 10 + 5 * second) for second in range(1, 50)] == list(range(49))


def test_one_that_is_older_than_the_process_keeps_what_was_asked_for(look):
    assert [look(second, 5, 10 + second) for second in range(1, 20)] == [-100] * 19
    assert look(20, 30, 31) >= 18


def test_another_server_begins_anew(look):
    look(0, 1_000, 1_000)
    look(2, 1_004, 1_004)
    assert look(4, 50, 60) == 2  # as far as it was known before
    assert look(6, 61, 62) == 4


def test_it_asks_for_a_change_as_long_as_pages_from_before_may_come(look, monkeypatch):
    monkeypatch.setattr(horizon, "LATE_PAGES", timedelta(seconds=10))
    look(0, 10, 10)
    assert look(100, 10, 11) == -10  # runs since shortly after the first look, and ends now
    assert look(101, 20, 20) == -10
    assert look(109, 20, 20) == -10
    assert look(111, 20, 20) == 91
