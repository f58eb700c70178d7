"""`{% load counts %} {% bar_count "unread" unread %}`: a number next to a link of the bar."""

from collections.abc import Callable

from django import template

from config.web.counts import count_mark
from core.web import page_slots

register = template.Library()


@register.simple_tag
def bar_count(name: str, number: int | Callable[[], int]) -> str:
    """Renders nothing for 0. While slots are open it renders a slot, without counting."""
    if page_slots.are_slots_open():
        return page_slots.slot(name)
    return count_mark(name, number() if callable(number) else number)
