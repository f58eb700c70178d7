"""Tests of the measurement that others rely on."""

import pytest

from tests.support import costs


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ([costs.QUIET, 1.0, costs.QUIET], 1.0),
        ([costs.QUIET * 2, 1.0, costs.QUIET * 2], 0.5),
        ([costs.QUIET * 2, 1.0, costs.QUIET], 1.0),  # slow before it began says nothing about the work
        ([costs.QUIET / 2, 1.0, costs.QUIET / 2], 1.0),
    ],
)
def test_what_the_machine_was_too_slow_is_taken_off_and_no_more(monkeypatch, clock, expected):
    monkeypatch.setattr(costs, "_seconds", lambda work: clock.pop(0))
    assert costs.seconds(lambda: None) == pytest.approx(expected)
