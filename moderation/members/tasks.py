"""Background work about members."""

from procrastinate.contrib.django import app

from accounts.models import LogEntry
from moderation.members import remove_all_posts_worker


@app.task(name="moderation.remove_all_posts")
def clear_or_restore(entry: int) -> None:
    """What an entry of the record says of thousands of posts. A second run finds nothing left to do."""
    remove_all_posts_worker.carry_out(LogEntry.objects.select_related("by").get(pk=entry))
