"""Lists of names in a sentence: `ada`, `ada and ben`, `ada, ben and 12 more`."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.translation import gettext as _, ngettext

NAMES_SHOWN = 2


class NamedMember(NamedTuple):
    """A member of whom a page shows only the name."""

    name: str

    def get_absolute_url(self) -> str:
        return reverse("forum:member", args=[self.name])


def first_names(names: Sequence[str], count: int) -> str:
    """Returns the first names and how many of `count` are not named."""
    if count == 1:
        return names[0]
    if count == NAMES_SHOWN:
        return _("%(first)s and %(last)s") % {"first": names[0], "last": names[1]}
    more = count - NAMES_SHOWN
    sentence = ngettext(
        "%(first)s, %(second)s and %(more)s more", "%(first)s, %(second)s and %(more)s more", more
    )
    return sentence % {"first": names[0], "second": names[1], "more": f"{more:,}"}


def all_names(names: Iterable[str]) -> str:
    """Returns all names as HTML, each isolated from the writing direction around it."""
    *first, last = [format_html("<bdi>{}</bdi>", name) for name in names]
    if not first:
        return last
    sentence = first[0]
    for name in first[1:]:
        sentence = format_html(_("{names}, {name}"), names=sentence, name=name)
    return format_html(_("{names} and {name}"), names=sentence, name=last)


def notes(first: str, *others: str) -> str:
    """Returns short notes in one line, as HTML."""
    line = conditional_escape(first)
    for other in filter(None, others):
        line = format_html(_("{notes}, {note}"), notes=line, note=other)
    return line
