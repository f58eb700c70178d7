"""Periodic tasks of moderation: closes topics and ends pins whose time has come."""

from django.utils import timezone
from procrastinate.contrib.django import app

from forum.models import Pin, Topic
from moderation.members.tasks import clear_or_restore  # noqa: F401 - found by the worker
from moderation.topics.close import close_by_itself
from moderation.topics.pin import end_pin


@app.periodic(cron="* * * * *")
@app.task(name="moderation.apply_timers", queueing_lock="keep_time")
def keep_time(timestamp: int) -> None:
    """Closes topics and ends pins that are due. Members see both on time without it; guests, who get cached pages, see
    them after this has run, within a minute."""
    now = timezone.now()
    for topic in Topic.objects.filter(closes_at__lte=now, closure=None, is_merged=False).only("pk"):
        close_by_itself(topic=topic)
    for pin in Pin.objects.filter(until__lte=now).select_related("topic"):
        end_pin(topic=pin.topic)
