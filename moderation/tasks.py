"""Background work of moderation: write down what time alone has brought about."""

from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.models import LogEntry
from forum.models import Pin, Topic
from moderation import clearing
from moderation.closing import close_by_itself
from moderation.pinning import end_pin


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


@app.task(name="moderation.remove_all_posts")
def clear_or_restore(entry: int) -> None:
    """What an entry of the record says of thousands of posts. A second run finds nothing left to do."""
    clearing.carry_out(LogEntry.objects.select_related("by").get(pk=entry))
