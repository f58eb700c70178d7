"""Remove a whole topic, and restore it. Only staff can see a removed topic.

The audit log has what staff do, and every undo; not what authors do with their own topics."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import LogEntry, Rule, User
from forum.access import permissions
from forum.access.audit_log import record_on
from forum.access.errors import HasReplies
from forum.access.locks import lock_topic
from forum.access.require import not_open_error, require
from forum.models import Topic, TopicRemoval
from notifications.inbox.notify import notify


@transaction.atomic
def remove_topic(
    *, topic: Topic, by: User, reason: str = "", rule: Rule | None = None, undoes: LogEntry | None = None
) -> TopicRemoval:
    """Removes the topic and notifies its author. Returns the removal, also if the topic was removed before."""
    topic = lock_topic(topic, by=by)
    if topic.is_removed and permissions.can_restore_topic(by, topic):
        return topic.removal
    require_can_remove_topic(by, topic)
    removal = TopicRemoval.objects.create(topic=topic, removed_by=by, reason=reason, rule=rule)
    topic.change(takes_back=True, topics=-1, is_removed=True)
    if undoes or permissions.is_staff_in(by, topic.section):
        facts = topic_removal_facts(removal)
        record_on("remove_topic", topic, by=by, reason=reason, rule=rule, after=facts, undoes=undoes)
    else:
        text = _("You removed your topic “%(title)s”. You can restore it.") % {"title": topic.title}
        notify(member=by, text=text, url=reverse("moderation:restore_topic", args=[topic.pk, topic.slug]))
    if topic.started_by != by:
        text = _("Your topic “%(title)s” was removed: %(reason)s") % {"title": topic.title, "reason": reason}
        notify(member=topic.started_by, text=text)
    return removal


@transaction.atomic
def restore_topic(*, topic: Topic, by: User, reason: str = "", undoes: LogEntry | None = None) -> bool:
    """Restores the topic. Returns False if it was not removed."""
    topic = lock_topic(topic, by=by)
    if not topic.is_removed and permissions.can_remove_topic(by, topic):
        return False
    require(permissions.can_restore_topic(by, topic))
    before, rule = topic_removal_facts(topic.removal), topic.removal.rule
    topic.removal.delete()
    topic.change(topics=1, is_removed=False)
    if undoes or permissions.is_staff_in(by, topic.section):
        record_on("restore_topic", topic, by=by, reason=reason, rule=rule, before=before, undoes=undoes)
    if topic.started_by != by:
        text = _("Your topic “%(title)s” was restored.") % {"title": topic.title}
        notify(member=topic.started_by, text=text, url=topic.get_absolute_url())
    return True


def require_can_remove_topic(by: User, topic: Topic) -> None:
    """Raises an error if the person cannot remove this topic. Pages call it before they show the form."""
    if permissions.can_remove_topic(by, topic):
        return
    if topic.started_by_id == by.pk and topic.ever_had_replies:
        raise HasReplies(topic)
    raise not_open_error(topic, could_write_if_open=topic.started_by_id == by.pk)


def topic_removal_facts(removal: TopicRemoval) -> dict[str, Any]:
    return {"removal": removal.pk, "reason": removal.reason, "rule": removal.rule_id}
