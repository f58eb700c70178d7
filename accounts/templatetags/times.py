"""`{% load times %} {% when post.posted_at %}`: the exact time for people, and for machines."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.timesince import timesince

from core.web import page_slots as slots
from core.web.times import city, exact, written

register = template.Library()
register.filter(exact)  # `{{ moment|exact }}` for places that hold text alone: mails, the options of a select

register.filter(city)


@register.filter
def age(moment: datetime) -> str:
    """How long ago, in words that never say `0 minutes`."""
    seconds = (timezone.now() - moment).total_seconds()
    return timesince(moment) if seconds >= 60 else "less than a minute"


@register.simple_tag
def when(moment: datetime) -> str:
    if slots.are_open():
        return slots.slot("when", moment.isoformat())
    return written(moment)
