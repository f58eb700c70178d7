"""Filters that cut texts between graphemes. Django's own would split flags and emoji families."""

from django import template

from core.text import graphemes

register = template.Library()


@register.filter
def shortened(text: str, limit: int) -> str:
    return graphemes.truncate_with_ellipsis(text, limit)


@register.filter
def first_letter(name: str) -> str:
    return graphemes.first_grapheme(name)
