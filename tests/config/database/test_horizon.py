"""Since when the next check must ask for removals: from before whatever may still become visible."""

from datetime import UTC, datetime, timedelta

from config.database.horizon import Horizon

START = datetime(2026, 1, 1, tzinfo=UTC)


def next_starts(*moments: tuple[float, float]) -> list[float]:
    """Given checks as (seconds, all is seen from before these seconds), returns since when each next one asks."""
    horizon = Horizon()
    return [
        (
            horizon.after(START + timedelta(seconds=at), START + timedelta(seconds=settled)) - START
        ).total_seconds()
        for at, settled in moments
    ]


def test_horizon_without_transactions_trails_the_last_check():
    assert next_starts((100, 100), (130, 130), (130.5, 130.5)) == [90, 120, 120]


def test_long_transaction_holds_horizon_before_its_start():
    assert next_starts((100, 100), (130, 105), (4_000, 105)) == [90, 95, 95]


def test_horizon_waits_after_long_transaction_has_ended():
    assert next_starts((130, 105), (131, 131), (140, 140), (141, 141)) == [95, 95, 95, 121]
