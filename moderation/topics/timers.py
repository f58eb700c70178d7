"""Auto-close of a topic, at a given time or after days without a reply; and slow mode."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import LogEntry, User
from forum.access import permissions
from forum.access.audit_log import record_on
from forum.access.errors import TopicIsClosed
from forum.access.locks import lock_topic
from forum.models import AutoCloseTimer, Topic
from moderation.topics.close import cancel_timer

AUTO_CLOSE_DAYS_MAX = 365  # without a reply


@transaction.atomic
def set_auto_close(
    *,
    topic: Topic,
    by: User,
    at: datetime | None = None,
    days: int | None = None,
    reason: str = "",
    undoes: LogEntry | None = None,
) -> AutoCloseTimer:
    """Sets the topic to close at a given time or, with `days`, after that many days without a reply. Setting the same
    again changes nothing."""
    topic = lock_topic(topic, by=by, if_may=permissions.can_close)
    if topic.is_closed:
        raise TopicIsClosed(topic)
    if (at is None) == (days is None):
        raise ValueError("either a time or a number of days is required")
    if days is not None and topic.inactivity_days == days and topic.closes_at:
        return topic.timer
    closes_at = at or timezone.now() + timedelta(days=days or 0)
    if topic.closes_at == closes_at and topic.inactivity_days == days:
        return topic.timer
    before = timer_facts(topic)
    timer, _ = AutoCloseTimer.objects.update_or_create(
        topic=topic, defaults={"set_by": by, "set_at": timezone.now(), "reason": reason}
    )
    topic.closes_at, topic.inactivity_days = closes_at, days
    topic.change(closes_at=closes_at, inactivity_days=days)
    after = timer_facts(topic)
    record_on("set_timer", topic, by=by, reason=reason, before=before, after=after, undoes=undoes)
    return timer


@transaction.atomic
def cancel_auto_close(*, topic: Topic, by: User, undoes: LogEntry | None = None) -> bool:
    """Cancels auto-close. Returns False if it was not set. A topic that has already closed has to be reopened."""
    topic = lock_topic(topic, by=by, if_may=permissions.can_close)
    if topic.is_closed:
        raise TopicIsClosed(topic)
    if topic.closes_at is None:
        return False
    before = timer_facts(topic)
    topic.change(**cancel_timer(topic))
    record_on("stop_timer", topic, by=by, before=before, undoes=undoes)
    return True


@transaction.atomic
def set_slow_mode(
    *, topic: Topic, by: User, minutes: int, reason: str = "", undoes: LogEntry | None = None
) -> bool:
    """Limits members to one reply in so many minutes; 0 turns slow mode off. Returns False if nothing changed."""
    topic = lock_topic(topic, by=by, if_may=permissions.can_close)
    if topic.slow_minutes == minutes:
        return False
    topic.change(slow_minutes=minutes)
    before, after = {"minutes": topic.slow_minutes}, {"minutes": minutes}
    act = "slow_down" if minutes else "end_slow_mode"
    record_on(act, topic, by=by, reason=reason, before=before, after=after, undoes=undoes)
    return True


def timer_facts(topic: Topic) -> dict[str, Any] | None:
    if topic.closes_at is None:
        return None
    return {
        "closes_at": topic.closes_at.isoformat(),
        "days_of_silence": topic.inactivity_days,
        "reason": topic.timer.reason,
    }
