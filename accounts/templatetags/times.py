"""`{% load times %} {% when post.posted_at %}`: a `<time>` element with the exact time."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext

from core.web import page_slots
from core.web.times import city, format_time, time_element

register = template.Library()
register.filter("exact", format_time)  # `{{ moment|exact }}` for plain text: emails, options of a select

register.filter(city)


@register.filter
def age(moment: datetime) -> str:
    """Returns how long ago the time is, in words."""
    seconds = (timezone.now() - moment).total_seconds()
    return timesince(moment) if seconds >= 60 else gettext("less than a minute")


@register.simple_tag
def when(moment: datetime) -> str:
    if page_slots.are_slots_open():
        return page_slots.slot("when", moment.isoformat())
    return time_element(moment)
