"""On which terms a topic takes answers: slowly, or until it closes by itself."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from forum import permissions
from forum.models import Post, Topic
from forum.refusals import SlowMode


def require_patience(by: User, topic: Topic, *, at: datetime) -> None:
    """Slow mode, asked under the topic's lock; two answers of one member at once are one after the other there. What
    they took back counts too. Staff are not slowed."""
    if not topic.slow_minutes or permissions.is_staff_in(by, topic.section):
        return
    pause = timedelta(minutes=topic.slow_minutes)
    lately = Post.objects.filter(author=by, topic=topic.pk, position__gt=1, posted_at__gt=at - pause)
    last = lately.order_by("-posted_at").values_list("posted_at", flat=True).first()
    if last:
        wait = last + pause - at
        raise SlowMode(topic, retry_after=max(1, -(-wait // timedelta(seconds=1))))


def silence_broken(topic: Topic, at: datetime) -> dict[str, Any]:
    """What an answer makes the topic's row say, where the topic closes after some days without one."""
    return {"closes_at": at + timedelta(days=topic.silence_days)} if topic.silence_days else {}


def minutes(count: int) -> str:
    """In words: `10 minutes`, `2 hours`."""
    if count >= 60 and count % 60 == 0:
        return ngettext("%d hour", "%d hours", count // 60) % (count // 60)
    return ngettext("%d minute", "%d minutes", count) % count


def time_left_until(moment: datetime) -> str:
    """Roughly, in words: `in 3 days`. Only for pages that are made for one look."""
    seconds = (moment - timezone.now()) // timedelta(seconds=1)
    if seconds < 60:
        return "in less than a minute"
    minutes, hours, days = seconds // 60, seconds // 3_600, seconds // 86_400
    if days >= 2:
        return ngettext("in %d day", "in %d days", days) % days
    if hours >= 2:
        return ngettext("in %d hour", "in %d hours", hours) % hours
    return ngettext("in %d minute", "in %d minutes", minutes) % minutes
