"""Filters for durations and report weights."""

from datetime import datetime, timedelta
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from moderation.cases.case_detail import format_weight

register = template.Library()


@register.filter
def short_duration(duration: timedelta) -> str:
    """Returns a short duration such as `12 min`, `3 h` or `2 days`."""
    minutes = int(duration.total_seconds() // 60)
    if minutes < 1:
        return _("< 1 min")
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    if minutes < 48 * 60:
        return _("%(hours)d h") % {"hours": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


@register.filter
def short_age(since: datetime) -> str:
    return short_duration(timezone.now() - since)


@register.filter
def case_weight(weight: Decimal) -> str:
    return format_weight(weight)
