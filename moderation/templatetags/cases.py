"""How long something took, and what weighs how much, in words."""

from datetime import datetime, timedelta
from decimal import Decimal

from django import template
from django.utils import timezone

from moderation.cases.case_detail import plain

register = template.Library()


@register.filter
def lasted(took: timedelta) -> str:
    """`12 min`, `3 h`, `2 days`: short, since several stand in a row."""
    minutes = int(took.total_seconds() // 60)
    if minutes < 1:
        return "< 1 min"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


@register.filter
def waited(since: datetime) -> str:
    return lasted(timezone.now() - since)


@register.filter
def weighs(weight: Decimal) -> str:
    return plain(weight)
