"""`{% load counts %} {% bar_count "unread" unread %}`: a number beside a word of the bar."""

from collections.abc import Callable

from django import template
from django.utils.html import format_html

from accounts import slots

register = template.Library()

MOST = 99
COUNTED = {
    "to_do": ("to decide about", "to decide about"),
    "unread": ("topic", "topics"),
    "told": ("unread notice", "unread notices"),
}


@register.simple_tag
def bar_count(name: str, number: int | Callable[[], int]) -> str:
    """Nothing for none; a slot where the bar is made for many, and then nobody counts."""
    if slots.are_open():
        return slots.slot(name)
    return count_mark(name, number() if callable(number) else number)


def count_mark(name: str, number: int) -> str:
    if not number:
        return ""
    shown = str(number) if number <= MOST else f"{MOST}+"
    html = ' <span class="count">{}<span class="visually-hidden"> {}</span></span>'
    return format_html(html, shown, COUNTED[name][number != 1])
