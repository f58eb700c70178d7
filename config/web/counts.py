"""Counts next to links in the bar and on tabs."""

from collections.abc import Callable

from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

MOST = 99


COUNTED: dict[str, Callable[[int], str]] = {
    "to_do": lambda number: gettext("to review"),
    "unread": lambda number: ngettext("unread topic", "unread topics", number),
    "unread_notices": lambda number: ngettext("unread notification", "unread notifications", number),
}


def count_mark(name: str, number: int) -> str:
    """Returns the HTML of a count with hidden words that say what it counts; nothing for 0."""
    if not number:
        return ""
    shown = str(number) if number <= MOST else f"{MOST}+"
    html = ' <span class="count">{}<span class="visually-hidden"> {}</span></span>'
    return format_html(html, shown, COUNTED[name](number))
