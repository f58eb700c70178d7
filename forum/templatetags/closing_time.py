"""How long until a topic closes, and how often a member can reply."""

from datetime import datetime

from django import template

from core.web import page_slots
from core.web.durations import in_minutes, time_left_until
from core.web.times import machine_readable

register = template.Library()
register.filter("in_minutes", in_minutes)
register.filter(machine_readable)  # the same in every time zone, for pages rendered for many readers


@register.simple_tag
def time_left(closes_at: datetime) -> str:
    if page_slots.are_slots_open():
        return page_slots.slot("left", closes_at.isoformat())
    return time_left_until(closes_at)
