"""Cut texts between whole letters; Django's own filters cut flags and families of emoji in two."""

from django import template

from core.text import graphemes

register = template.Library()


@register.filter
def shortened(text: str, most: int) -> str:
    return graphemes.shortened(text, most)


@register.filter
def first_letter(name: str) -> str:
    return graphemes.first(name)
