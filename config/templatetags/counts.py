"""`{% load counts %} {% bar_count "unread" unread %}`: a number beside a word of the bar."""

from collections.abc import Callable

from django import template

from config.web.counts import count_mark
from core.web import page_slots

register = template.Library()


@register.simple_tag
def bar_count(name: str, number: int | Callable[[], int]) -> str:
    """Nothing for none; a slot where the bar is made for many, and then nobody counts."""
    if page_slots.are_slots_open():
        return page_slots.slot(name)
    return count_mark(name, number() if callable(number) else number)
