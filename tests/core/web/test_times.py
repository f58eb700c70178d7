"""Dates and times in the reader's time zone."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils import timezone

from core.web.times import format_time

OUTAGE = datetime(2007, 4, 23, 19, 57, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("America/New_York", "3:57pm Apr 23, 2007 EDT"),
        ("Europe/Berlin", "9:57pm Apr 23, 2007 CEST"),
        ("UTC", "7:57pm Apr 23, 2007 UTC"),
        ("Asia/Dubai", "11:57pm Apr 23, 2007 UTC+4"),
        ("Asia/Kathmandu", "1:42am Apr 24, 2007 UTC+5:45"),
        ("Asia/Kolkata", "1:27am Apr 24, 2007 IST"),
        ("America/Sao_Paulo", "4:57pm Apr 23, 2007 UTC-3"),
        ("Pacific/Marquesas", "10:27am Apr 23, 2007 UTC-9:30"),
        ("Etc/GMT+3", "4:57pm Apr 23, 2007 UTC-3"),
    ],
)
def test_time_is_formatted_in_the_time_zone(zone, written):
    with timezone.override(zone):
        assert format_time(OUTAGE) == written


@pytest.mark.parametrize(
    ("hour", "written"), [(0, "12:05am"), (1, "1:05am"), (11, "11:05am"), (12, "12:05pm"), (23, "11:05pm")]
)
def test_time_uses_twelve_hour_clock(hour, written):
    with timezone.override("UTC"):
        assert format_time(datetime(2026, 1, 2, hour, 5, tzinfo=UTC)) == f"{written} Jan 2, 2026 UTC"


def test_repeated_hour_is_distinguished_by_zone_abbreviation():
    with timezone.override("America/New_York"):
        assert format_time(datetime(2026, 11, 1, 5, 30, tzinfo=UTC)) == "1:30am Nov 1, 2026 EDT"
        assert format_time(datetime(2026, 11, 1, 6, 30, tzinfo=UTC)) == "1:30am Nov 1, 2026 EST"


def test_when_tag_renders_time_element():
    with timezone.override("America/New_York"):
        page = Template("{% load times %}{% when moment %}").render(Context({"moment": OUTAGE}))
    assert page == '<time datetime="2007-04-23T19:57:12Z">3:57pm Apr 23, 2007 EDT</time>'
