"""One action on several topics. Each topic has its own transaction: locks are held briefly, and a topic for which the
action fails does not stop the others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from accounts.models import Rule, User
from forum.access.errors import ActionError
from forum.models import Section, Topic
from moderation.topics.close import close_topic, reopen_topic
from moderation.topics.move import move_topic
from moderation.topics.pin import pin_topic, unpin_topic
from moderation.topics.remove import remove_topic

MAX_TOPICS = 50


@dataclass
class Outcome:
    updated: list[Topic] = field(default_factory=list)
    unchanged: list[Topic] = field(default_factory=list)  # done by someone else, or before
    failed: list[Topic] = field(default_factory=list)

    @property
    def message(self) -> str:
        """The message about the outcome: one sentence for each kind of result."""
        updated, same, failed = len(self.updated), len(self.unchanged), len(self.failed)
        sentences = []
        if updated:
            sentences.append(ngettext("%d topic updated.", "%d topics updated.", updated) % updated)
        if same:
            sentences.append(
                ngettext("%d topic did not need a change.", "%d topics did not need a change.", same) % same
            )
        if failed:
            sentences.append(
                ngettext("%d topic could not be updated.", "%d topics could not be updated.", failed) % failed
            )
        return " ".join(sentences) or _("No topics were updated.")


def close(topics: Iterable[Topic], *, by: User, reason: str) -> Outcome:
    def one(topic: Topic) -> bool:
        began = timezone.now()
        closure = close_topic(topic=topic, by=by, reason=reason)
        return closure.closed_by_id == by.pk and closure.closed_at >= began

    return _each(topics, one)


def pin(topics: Iterable[Topic], *, by: User, until: datetime | None = None) -> Outcome:
    def one(topic: Topic) -> bool:
        began = timezone.now()
        pin = pin_topic(topic=topic, by=by, until=until)
        return pin.pinned_at >= began

    return _each(topics, one)


def reopen(topics: Iterable[Topic], *, by: User, reason: str = "") -> Outcome:
    return _each(topics, lambda topic: reopen_topic(topic=topic, by=by, reason=reason))


def unpin(topics: Iterable[Topic], *, by: User) -> Outcome:
    return _each(topics, lambda topic: unpin_topic(topic=topic, by=by))


def move(topics: Iterable[Topic], *, by: User, section: Section, reason: str = "") -> Outcome:
    return _each(topics, lambda topic: move_topic(topic=topic, to=section, by=by, reason=reason))


def remove(topics: Iterable[Topic], *, by: User, reason: str, rule: Rule | None = None) -> Outcome:
    def one(topic: Topic) -> bool:
        began = timezone.now()
        removal = remove_topic(topic=topic, by=by, reason=reason, rule=rule)
        return removal.removed_at >= began

    return _each(topics, one)


def _each(topics: Iterable[Topic], act: Callable[[Topic], bool]) -> Outcome:
    outcome = Outcome()
    for topic in topics:
        try:
            (outcome.updated if act(topic) else outcome.unchanged).append(topic)
        except ActionError:
            outcome.failed.append(topic)
    return outcome
