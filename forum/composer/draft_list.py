"""Drafts as their writer sees them in a list: what they belong to, as far as that may still be seen, and whether they
can go on."""

from collections.abc import Iterable
from dataclasses import dataclass

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
    is_closed: bool  # the topic takes no answers any more

    @property
    def kind(self) -> str:
        kinds = {Answering: "Answer in", Starting: "New topic in", Editing: "Edit of a post in"}
        return kinds[type(self.place)] if self.place else "Not to be found any more"

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
        """What is to be voted on, as it was typed."""
        said = self.draft.poll
        return "\n".join(filter(None, (said.get("poll_question"), said.get("poll_options"))))

    @property
    def beginning(self) -> str:
        """Of the text: its title stands by itself."""
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
