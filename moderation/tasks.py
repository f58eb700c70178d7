"""Background work of moderation: write down what time alone has brought about."""

from django.utils import timezone
from procrastinate.contrib.django import app

from forum.models import Pin, Topic
from moderation.members.tasks import clear_or_restore  # noqa: F401 - found by the worker
from moderation.topics.close import close_by_itself
from moderation.topics.pin import end_pin


@app.periodic(cron="* * * * *")
@app.task(name="moderation.apply_timers", queueing_lock="keep_time")
def keep_time(timestamp: int) -> None:
    """Members see at once that a topic's time has come, and it takes no replies; guests are shown pages that are kept,
    and see it when this has run: within a minute."""
    now = timezone.now()
    for topic in Topic.objects.filter(closes_at__lte=now, closure=None, is_merged=False).only("pk"):
        close_by_itself(topic=topic)
    for pin in Pin.objects.filter(until__lte=now).select_related("topic"):
        end_pin(topic=pin.topic)
