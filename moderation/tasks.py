"""Periodic tasks of moderation: closes topics and ends pins whose time has come."""

from django.utils import timezone
from procrastinate.contrib.django import app

from forum.models import Pin, Topic
from moderation.members.tasks import remove_or_restore  # noqa: F401 - found by the worker
from moderation.topics.close import auto_close
from moderation.topics.pin import remove_expired_pin


@app.periodic(cron="* * * * *")
@app.task(name="moderation.apply_timers", queueing_lock="keep_time")
def apply_timers(timestamp: int) -> None:
    """Closes topics and ends pins that are due. Members see both on time without it; guests, who get cached pages, see
    them after this has run, within a minute."""
    now = timezone.now()
    for topic in Topic.objects.filter(closes_at__lte=now, closure=None, is_merged=False).only("pk"):
        auto_close(topic=topic)
    for pin in Pin.objects.filter(until__lte=now).select_related("topic"):
        remove_expired_pin(topic=pin.topic)
