"""Since when the next check must ask for removals: from before whatever may still become visible."""

from datetime import UTC, datetime, timedelta

from config.database.horizon import Horizon

START = datetime(2026, 1, 1, tzinfo=UTC)


def looks(*moments: tuple[float, float]) -> list[float]:
    """Given checks as (seconds, all is seen from before these seconds), returns since when each next one asks."""
    horizon = Horizon()
    return [
        (
            horizon.after(START + timedelta(seconds=at), START + timedelta(seconds=settled)) - START
        ).total_seconds()
        for at, settled in moments
    ]


def test_where_nobody_writes_it_asks_for_as_long_as_pages_from_before_may_come():
    assert looks((100, 100), (130, 130), (130.5, 130.5)) == [90, 120, 120]


def test_a_transaction_that_runs_for_long_keeps_its_beginning_in_view():
    assert looks((100, 100), (130, 105), (4_000, 105)) == [90, 95, 95]


def test_and_so_long_after_it_has_ended():
    assert looks((130, 105), (131, 131), (140, 140), (141, 141)) == [95, 95, 95, 121]
