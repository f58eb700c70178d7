"""Drafts as their author sees them in a list: where they belong, if that is still visible, and whether they can be
continued."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import User
from core.text import graphemes
from forum.access.errors import Refusal, TopicIsClosed
from forum.composer.contexts import Answering, Editing, Place, Starting, find_all
from forum.models import Draft

BEGINNING = 200  # characters


@dataclass(frozen=True)
class DraftLine:
    draft: Draft
    place: Place | None
    may_go_on: bool
    is_closed: bool  # the topic is closed to new replies

    @property
    def heading(self) -> str:
        """What the draft is and where it belongs, as HTML."""
        title = format_html("<bdi>{}</bdi>", self.title)
        if isinstance(self.place, Answering):
            return format_html(_("Reply in {title}"), title=title)
        if isinstance(self.place, Starting):
            return format_html(_("New topic in {title}"), title=title)
        if isinstance(self.place, Editing):
            return format_html(_("Edit of a post in {title}"), title=title)
        return _("No longer available")

    @property
    def title(self) -> str:
        if isinstance(self.place, Starting):
            return self.place.section.name
        topic = self.place and (
            self.place.topic if isinstance(self.place, Answering) else self.place.post.topic
        )
        return topic.title if topic else ""

    @property
    def poll(self) -> str:
        """The question and options of the poll, as they were typed."""
        said = self.draft.poll
        return "\n".join(filter(None, (said.get("poll_question"), said.get("poll_options"))))

    @property
    def beginning(self) -> str:
        """The beginning of the text; the title is shown separately."""
        words = " ".join((self.draft.body or self.draft.reason or self.poll)[: 2 * BEGINNING].split())
        return graphemes.shortened(words, BEGINNING + 1)


def shown(drafts: Iterable[Draft], reader: User) -> list[DraftLine]:
    drafts = list(drafts)
    places = find_all(reader, [draft.place for draft in drafts])
    return [_line(draft, places.get(draft.place), reader) for draft in drafts]


def _line(draft: Draft, place: Place | None, reader: User) -> DraftLine:
    try:
        if place:
            place.require_may_write(reader)
    except Refusal as refusal:
        return DraftLine(draft, place, may_go_on=False, is_closed=isinstance(refusal, TopicIsClosed))
    return DraftLine(draft, place, may_go_on=place is not None, is_closed=False)
