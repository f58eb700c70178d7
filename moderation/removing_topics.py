"""Take a whole topic away, and bring it back. To everybody but staff it is as if it had never been."""

from typing import Any

from django.db import transaction

from accounts.models import Rule, User
from accounts.record import record
from forum import locking, permissions
from forum.models import Topic, TopicRemoval
from forum.refusals import NotAllowed
from notifications.telling import tell


@transaction.atomic
def remove_topic(*, topic: Topic, by: User, reason: str, rule: Rule | None = None) -> TopicRemoval:
    """Who comes second gets the removal that stands."""
    topic = _locked_for(by, topic)
    if topic.is_removed:
        return topic.removal
    removal = TopicRemoval.objects.create(topic=topic, removed_by=by, reason=reason, rule=rule)
    topic.change(takes_back=True, topics=-1, is_removed=True)
    _record("remove_topic", topic, by=by, reason=reason, rule=rule, before=None, after=facts_of(removal))
    if topic.started_by != by:
        tell(member=topic.started_by, text=f"Your topic “{topic.title}” was removed: {reason}")
    return removal


@transaction.atomic
def restore_topic(*, topic: Topic, by: User, reason: str = "") -> bool:
    """False when it was there."""
    topic = _locked_for(by, topic)
    if not topic.is_removed:
        return False
    before, rule = facts_of(topic.removal), topic.removal.rule
    topic.removal.delete()
    topic.change(topics=1, is_removed=False)
    _record("restore_topic", topic, by=by, reason=reason, rule=rule, before=before, after=None)
    if topic.started_by != by:
        text = f"Your topic “{topic.title}” stands in its place again."
        tell(member=topic.started_by, text=text, url=topic.get_absolute_url())
    return True


def facts_of(removal: TopicRemoval) -> dict[str, Any]:
    return {"removal": removal.pk, "reason": removal.reason, "rule": removal.rule_id}


def _record(
    act: str, topic: Topic, *, by: User, reason: str, rule: Rule | None, before: Any, after: Any
) -> None:
    record(
        act,
        by=by,
        target=topic,
        name=topic.title,
        why=reason,
        topic_id=topic.pk,
        section_id=topic.section_id,
        rule=rule,
        facts={"before": before, "after": after},
    )


def _locked_for(by: User, topic: Topic) -> Topic:
    topic = locking.locked_topic(topic, by=by)
    if not permissions.can_remove_topic(by, topic):
        raise NotAllowed
    return topic
