"""Counts on the tabs of pages for staff."""

from django.utils.html import format_html

MOST = 99


COUNTED = {
    "to_do": ("to decide about", "to decide about"),
    "unread": ("topic", "topics"),
    "told": ("unread notice", "unread notices"),
}


def count_mark(name: str, number: int) -> str:
    if not number:
        return ""
    shown = str(number) if number <= MOST else f"{MOST}+"
    html = ' <span class="count">{}<span class="visually-hidden"> {}</span></span>'
    return format_html(html, shown, COUNTED[name][number != 1])
