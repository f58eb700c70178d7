"""Close a topic, and reopen it. A closed topic accepts no replies."""

from typing import Any

from django.db import transaction

from accounts.models import LogEntry, Rule, User
from forum.access import permissions
from forum.access.audit_log import record_on
from forum.access.locks import lock_topic
from forum.access.require import require
from forum.models import AutoCloseTimer, Closure, Topic


@transaction.atomic
def close_topic(
    *,
    topic: Topic,
    by: User,
    reason: str,
    read_instead: Topic | None = None,
    rule: Rule | None = None,
    undoes: LogEntry | None = None,
) -> Closure:
    """Closes the topic. Returns the closure, also if the topic was closed before. `read_instead`: a topic to read
    instead of this one."""
    topic = lock_topic(topic, by=by, if_may=permissions.can_close)
    if hasattr(topic, "closure"):
        return topic.closure
    if topic.is_closed:
        return _save_auto_closure(topic)  # it closed automatically first
    require(not read_instead or can_be_read_instead(read_instead, of=topic, by=by))
    closure = Closure.objects.create(
        topic=topic, closed_by=by, reason=reason, read_instead=read_instead, rule=rule
    )
    topic.change(**cancel_timer(topic))
    after = closure_facts(closure)
    record_on("close", topic, by=by, reason=reason, rule=rule, after=after, undoes=undoes)
    return closure


@transaction.atomic
def reopen_topic(*, topic: Topic, by: User, reason: str = "", undoes: LogEntry | None = None) -> bool:
    """Reopens the topic. Returns False if it was open."""
    topic = lock_topic(topic, by=by, if_may=permissions.can_close)
    if not topic.is_closed:
        return False
    before = closure_facts(topic.current_closure)
    Closure.objects.filter(topic=topic.pk).delete()
    topic.change(**cancel_timer(topic))
    record_on("reopen", topic, by=by, reason=reason, before=before, undoes=undoes)
    return True


@transaction.atomic
def auto_close(*, topic: Topic) -> Closure | None:
    """Saves the closure of a topic whose auto-close time has passed. Returns None if it has not passed, or if the topic
    was closed otherwise. Replies are rejected from that time on, even before this runs."""
    topic = Topic.objects.locked(topic.pk)
    return _save_auto_closure(topic) if topic.is_closed and not hasattr(topic, "closure") else None


def _save_auto_closure(topic: Topic) -> Closure:
    closure = topic.timer.closure()
    closure.save(force_insert=True)
    topic.change(**cancel_timer(topic))
    facts = closure_facts(closure)
    record_on("close_by_itself", topic, by=closure.closed_by, reason=closure.reason, after=facts)
    return closure


def cancel_timer(topic: Topic) -> dict[str, Any]:
    """Cancels auto-close. Returns the fields to save on the topic. Call it under the lock of the topic."""
    AutoCloseTimer.objects.filter(topic=topic.pk).delete()
    return {"closes_at": None, "inactivity_days": None}


def closure_facts(closure: Closure) -> dict[str, Any]:
    return {
        "closure": closure.pk,
        "reason": closure.reason,
        "read_instead": closure.read_instead_id,
        "rule": closure.rule_id,
    }


def can_be_read_instead(other: Topic, *, of: Topic, by: User) -> bool:
    """Returns whether `other` is another topic that the person can read. The link is shown only to those who can read
    it."""
    return other.pk != of.pk and permissions.can_read_topic(by, other)
