"""Durations in words."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import ngettext


def minutes(count: int) -> str:
    """In words: `10 minutes`, `2 hours`."""
    if count >= 60 and count % 60 == 0:
        return ngettext("%d hour", "%d hours", count // 60) % (count // 60)
    return ngettext("%d minute", "%d minutes", count) % count


def time_left_until(moment: datetime) -> str:
    """Roughly, in words: `in 3 days`. Only for pages that are made for one look."""
    seconds = (moment - timezone.now()) // timedelta(seconds=1)
    if seconds < 60:
        return "in less than a minute"
    minutes, hours, days = seconds // 60, seconds // 3_600, seconds // 86_400
    if days >= 2:
        return ngettext("in %d day", "in %d days", days) % days
    if hours >= 2:
        return ngettext("in %d hour", "in %d hours", hours) % hours
    return ngettext("in %d minute", "in %d minutes", minutes) % minutes
