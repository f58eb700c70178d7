"""Close a topic, and open it again. A closed topic takes no replies."""

from typing import Any

from django.db import transaction

from accounts.models import Rule, User
from accounts.record import record
from forum import permissions
from forum.models import Closure, Topic
from forum.refusals import NotAllowed


@transaction.atomic
def close_topic(
    *, topic: Topic, by: User, reason: str, read_instead: Topic | None = None, rule: Rule | None = None
) -> Closure:
    """Close the topic; who comes second gets the closure that stands. `read_instead`: where to go on."""
    topic = _locked_for(by, topic)
    if topic.is_closed:
        return topic.closure
    if read_instead and not may_be_read_instead(read_instead, of=topic, by=by):
        raise NotAllowed
    closure = Closure.objects.create(
        topic=topic, closed_by=by, reason=reason, read_instead=read_instead, rule=rule
    )
    topic.change()
    record(
        "close",
        by=by,
        target=topic,
        name=topic.title,
        why=reason,
        topic_id=topic.pk,
        section_id=topic.section_id,
        rule=rule,
        facts={"before": None, "after": facts_of(closure)},
    )
    return closure


@transaction.atomic
def reopen_topic(*, topic: Topic, by: User, reason: str = "") -> bool:
    """Open the topic again; False when it was open."""
    topic = _locked_for(by, topic)
    if not topic.is_closed:
        return False
    before = facts_of(topic.closure)
    topic.closure.delete()
    topic.change()
    record(
        "reopen",
        by=by,
        target=topic,
        name=topic.title,
        why=reason,
        topic_id=topic.pk,
        section_id=topic.section_id,
        facts={"before": before, "after": None},
    )
    return True


def facts_of(closure: Closure) -> dict[str, Any]:
    return {
        "closure": closure.pk,
        "reason": closure.reason,
        "read_instead": closure.read_instead_id,
        "rule": closure.rule_id,
    }


def may_be_read_instead(other: Topic, *, of: Topic, by: User) -> bool:
    """Another topic, that whoever names it may read. Only those who may read it too are shown the link."""
    return other.pk != of.pk and permissions.can_read_topic(by, other)


def _locked_for(by: User, topic: Topic) -> Topic:
    """From here on a reply waits for us, or we for it."""
    topic = Topic.objects.locked(topic.pk)
    if not permissions.can_close(by, topic):
        raise NotAllowed
    return topic
