"""Tests of the measurement that others rely on."""

import pytest

from tests.support import costs


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ([costs.IDLE_SECONDS, 1.0, costs.IDLE_SECONDS], 1.0),
        ([costs.IDLE_SECONDS * 2, 1.0, costs.IDLE_SECONDS * 2], 0.5),
        (
            [costs.IDLE_SECONDS * 2, 1.0, costs.IDLE_SECONDS],
            1.0,
        ),  # slow before it began says nothing about the work
        ([costs.IDLE_SECONDS / 2, 1.0, costs.IDLE_SECONDS / 2], 1.0),
    ],
)
def test_measured_seconds_are_corrected_for_slow_machine_only(monkeypatch, clock, expected):
    monkeypatch.setattr(costs, "_seconds", lambda work: clock.pop(0))
    assert costs.seconds(lambda: None) == pytest.approx(expected)
