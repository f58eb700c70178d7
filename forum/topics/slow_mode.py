"""Slow mode: how long a member must wait between two replies in a topic."""

from datetime import datetime, timedelta

from accounts.models import User
from forum.access import permissions
from forum.access.errors import SlowModeActive
from forum.models import Post, Topic


def require_slow_mode_pause(by: User, topic: Topic, *, at: datetime) -> None:
    """Raises SlowModeActive if the member replied too recently. Called under the topic’s lock, so that two replies of a
    member come one after the other. Deleted replies count as well. Staff are exempt."""
    if not topic.slow_minutes or permissions.is_staff_in(by, topic.section):
        return
    pause = timedelta(minutes=topic.slow_minutes)
    recent_posts = Post.objects.filter(author=by, topic=topic.pk, position__gt=1, posted_at__gt=at - pause)
    last = recent_posts.order_by("-posted_at").values_list("posted_at", flat=True).first()
    if last:
        wait = last + pause - at
        raise SlowModeActive(topic, retry_after=max(1, -(-wait // timedelta(seconds=1))))
