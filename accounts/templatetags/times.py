"""`{% load times %} {% when post.posted_at %}`: the exact time for people, and for machines."""

from datetime import datetime

from django import template

from accounts import slots
from accounts.times import exact, written

register = template.Library()
register.filter(exact)  # for mails, where a tag would be read as it stands


@register.filter(name="exact")
def exact_text(moment: datetime) -> str:
    """For places that hold text alone, such as the options of a select."""
    return exact(moment)


@register.simple_tag
def when(moment: datetime) -> str:
    if slots.are_open():
        return slots.slot("when", moment.isoformat())
    return written(moment)
