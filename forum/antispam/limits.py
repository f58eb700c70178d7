"""The limits for new members, as shown to them before they reach one. Each process caches the numbers for a few
seconds, so that a page with a composer needs no query for them."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.template.loader import render_to_string

from accounts.models import Person, is_member
from forum.antispam import new_members as newcomers
from forum.models import NewMemberTerms, Section

KEPT_FOR = 5  # seconds

_kept: tuple[NewMemberTerms, float] | None = None


@dataclass(frozen=True)
class Limits:
    """The limits for one new member, and when they end."""

    terms: NewMemberTerms
    ends_at: datetime  # at the earliest
    posts_visible: int  # counted up to the number that matters

    @property
    def posts_to_go(self) -> int:
        return max(0, self.terms.posts - self.posts_visible)


def of_member(person: Person) -> Limits | None:
    """Returns None for members who are not new, or will not be new at their next post."""
    if not (is_member(person) and _is_new(person)):
        return None
    terms = NewMemberTerms.objects.current()
    visible = newcomers.posts_that_stand(person, terms)
    if newcomers.is_known(person, terms, visible):
        return None
    return Limits(terms, person.joined_at + timedelta(days=terms.days), visible)


def in_form_of(person: Person, section: Section | None = None) -> str:
    """Returns the note above the composer of a new member as HTML, without a query; an empty string for others."""
    if not _is_new(person):
        return ""
    terms = _terms()
    waits_first = terms.hold_first or (section is not None and section.hold_first)
    return render_to_string("forum/parts/new_member_note.html", {"terms": terms, "waits_first": waits_first})


def forget() -> None:
    """Clears the cache after a change."""
    global _kept  # noqa: PLW0603 - one for the process
    _kept = None


def _terms() -> NewMemberTerms:
    global _kept  # noqa: PLW0603
    now = time.monotonic()
    if _kept is None or now - _kept[1] > KEPT_FOR:
        _kept = NewMemberTerms.objects.current(), now
    return _kept[0]


def _is_new(person: Person) -> bool:
    return person.is_authenticated and person.is_new and not person.is_staff
