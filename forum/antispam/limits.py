"""The limits for new members, as shown to them before they reach one. Each process caches the numbers for a few
seconds, so that a page with a composer needs no query for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from cachetools import TTLCache, cached
from django.template.loader import render_to_string

from accounts.models import Person, is_member
from forum.antispam.new_members import count_visible_posts, is_established
from forum.models import NewMemberLimits, Section

CACHE_SECONDS = 5  # seconds


@dataclass(frozen=True)
class MemberLimits:
    """The limits for one new member, and when they end."""

    terms: NewMemberLimits
    ends_at: datetime  # at the earliest
    visible_posts: int  # counted up to the number that matters

    @property
    def posts_needed(self) -> int:
        return max(0, self.terms.posts - self.visible_posts)


def limits_of(person: Person) -> MemberLimits | None:
    """Returns None for members who are not new, or will not be new at their next post."""
    if not (is_member(person) and _is_new(person)):
        return None
    terms = NewMemberLimits.objects.current()
    visible = count_visible_posts(person, terms)
    if is_established(person, terms, visible):
        return None
    return MemberLimits(terms, person.joined_at + timedelta(days=terms.days), visible)


def render_note(person: Person, section: Section | None = None) -> str:
    """Returns the note above the composer of a new member as HTML, without a query; an empty string for others."""
    if not _is_new(person):
        return ""
    terms = cached_limits()
    needs_approval = terms.hold_first or (section is not None and section.hold_first)
    return render_to_string(
        "forum/antispam/new_member_note.html", {"terms": terms, "needs_approval": needs_approval}
    )


@cached(TTLCache(1, ttl=CACHE_SECONDS), lock=Lock())
def cached_limits() -> NewMemberLimits:
    return NewMemberLimits.objects.current()


def _is_new(person: Person) -> bool:
    return person.is_authenticated and person.is_new and not person.is_staff
