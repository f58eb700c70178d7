"""Shows pending posts to their author and staff: where they were written, and on the author's profile."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, User
from core.web.times import time_element
from forum.access import permissions
from forum.access.pending_reasons import reason_for_author
from forum.approval import queue as approval_queue
from forum.models import PendingPost, Section, Topic
from forum.polls.polls import PollTerms, terms_of_pending
from forum.post_text.prepare import pending_html
from forum.quotes.display import has_quotes

Outcome = PendingPost.Outcome
OUTCOMES = {
    Outcome.LET_IN: _("Approved, {time}"),
    Outcome.REFUSED: _("Rejected, {time}"),
    Outcome.TAKEN_BACK: _("Withdrawn, {time}"),
}
OUTCOMES_BY = {
    Outcome.LET_IN: _("Approved by {name}, {time}"),
    Outcome.REFUSED: _("Rejected by {name}, {time}"),
}


@dataclass(frozen=True)
class PendingPostView:
    pending: PendingPost
    html: str
    is_own: bool
    can_review: bool
    reader: Person

    @property
    def shows_destination(self) -> bool:
        """Whether the reader may still read the topic or section. Called only where it is shown, since a section for
        selected groups needs a query."""
        return permissions.can_read_destination(self.reader, self.pending)

    @property
    def why(self) -> str:
        """The reason as its author sees it."""
        return reason_for_author(self.pending)

    @property
    def byline(self) -> str:
        """Whether it is a topic or a reply, and by whom, as HTML."""
        template = _("Topic by {author}") if self.pending.is_topic else _("Reply by {author}")
        return format_html(str(template), author=self._author)

    @property
    def byline_with_destination(self) -> str:
        """The byline with a link to the topic or section, if the reader may still read there."""
        if not self.shows_destination:
            return self.byline
        pending = self.pending
        template = (
            _("Topic by {author} in {place}") if pending.is_topic else _("Reply by {author} in {place}")
        )
        title = pending.topic.title if pending.topic else pending.section.name
        destination = format_html('<a href="{}"><bdi>{}</bdi></a>', pending.destination_url, title)
        return format_html(str(template), author=self._author, place=destination)

    @property
    def _author(self) -> str:
        author = self.pending.author
        return format_html('<a href="{}"><bdi>{}</bdi></a>', author.get_absolute_url(), author.name)

    @property
    def outcome(self) -> str:
        """What became of the post and when, as HTML. Only staff see who decided."""
        pending = self.pending
        if pending.resolved_at is None or pending.resolved_by is None:
            return ""
        outcome, time = Outcome(pending.outcome), time_element(pending.resolved_at)
        if outcome == Outcome.TAKEN_BACK or not permissions.is_staff_in(self.reader, pending.current_section):
            return format_html(str(OUTCOMES[outcome]), time=time)
        name = format_html("<bdi>{}</bdi>", pending.resolved_by.name)
        return format_html(str(OUTCOMES_BY[outcome]), name=name, time=time)

    @property
    def poll(self) -> PollTerms | None:
        return terms_of_pending(self.pending)


def pending_views(pending_posts: Iterable[PendingPost], reader: Person) -> list[PendingPostView]:
    return [
        PendingPostView(
            pending,
            pending_html(pending, reader) if has_quotes(pending.html) else pending.html,
            is_own=pending.author_id == reader.pk,
            can_review=pending.is_pending and permissions.can_review_pending(reader, pending),
            reader=reader,
        )
        for pending in pending_posts
    ]


def render_for_topic(request: HttpRequest, topic: Topic) -> str:
    return _render(request, approval_queue.pending_in(request.user, topic=topic))


def render_for_section(request: HttpRequest, section: Section) -> str:
    """Only staff and members with pending posts cause a query; a member's row counts the pending posts."""
    if not (_has_own(request.user) or permissions.is_staff_in(request.user, section)):
        return ""
    return _render(request, approval_queue.pending_in(request.user, section=section))


def render_for_member(request: HttpRequest, member: User) -> str:
    reader = request.user
    if not member.texts_waiting or not reader.is_authenticated or not (reader == member or reader.is_staff):
        return ""
    return _render(request, approval_queue.pending_by(member, reader=reader), with_link=True)


def _has_own(person: Person) -> bool:
    return person.is_authenticated and person.texts_waiting > 0


def _render(request: HttpRequest, pending_posts: list[PendingPost], *, with_link: bool = False) -> str:
    if not pending_posts:
        return ""
    context: dict[str, Any] = {
        "lines": pending_views(pending_posts, request.user),
        "with_link": with_link,
    }
    return render_to_string("forum/approval/pending.html", context | {"csrf_token": get_token(request)})
