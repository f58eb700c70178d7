"""Durations in words."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext, ngettext

SHORT = 100  # seconds


def in_minutes(count: int) -> str:
    """Returns a duration in words: `10 minutes`, `2 hours`."""
    if count >= 60 and count % 60 == 0:
        return ngettext("%d hour", "%d hours", count // 60) % (count // 60)
    return ngettext("%d minute", "%d minutes", count) % count


def in_seconds(count: int) -> str:
    """Returns a duration in words, in minutes if it is long."""
    if count < SHORT:
        return ngettext("%d second", "%d seconds", count) % count
    return in_minutes(-(-count // 60))


def time_left_until(moment: datetime) -> str:
    """Returns roughly how long it is until then: `in 3 days`. Only for pages that are not cached."""
    left = (moment - timezone.now()) // timedelta(seconds=1)
    if left < 60:
        return gettext("in less than a minute")
    minutes, hours, days = left // 60, left // 3_600, left // 86_400
    if days >= 2:
        return ngettext("in %d day", "in %d days", days) % days
    if hours >= 2:
        return ngettext("in %d hour", "in %d hours", hours) % hours
    return ngettext("in %d minute", "in %d minutes", minutes) % minutes
