"""How long something took, and what weighs how much, in words."""

from datetime import timedelta
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.timesince import timesince

from moderation.desk import plain

register = template.Library()


@register.filter
def lasted(took: timedelta) -> str:
    """`3 hours`."""
    if took < timedelta(minutes=1):
        return "under a minute"
    now = timezone.now()
    return timesince(now - took, now, depth=1)


@register.filter
def weighs(weight: Decimal) -> str:
    return plain(weight)
