"""Filters for durations and report weights."""

from datetime import datetime, timedelta
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from moderation.cases.case_detail import plain

register = template.Library()


@register.filter
def lasted(took: timedelta) -> str:
    """Returns a short duration such as `12 min`, `3 h` or `2 days`."""
    minutes = int(took.total_seconds() // 60)
    if minutes < 1:
        return _("< 1 min")
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    if minutes < 48 * 60:
        return _("%(hours)d h") % {"hours": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


@register.filter
def waited(since: datetime) -> str:
    return lasted(timezone.now() - since)


@register.filter
def weighs(weight: Decimal) -> str:
    return plain(weight)
