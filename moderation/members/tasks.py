"""Background jobs about members."""

from procrastinate.contrib.django import app

from accounts.models import LogEntry
from moderation.members import remove_all_posts_worker


@app.task(name="moderation.remove_all_posts")
def remove_or_restore(entry: int) -> None:
    """Removes or restores the posts of a log entry. A second run finds nothing left to do."""
    remove_all_posts_worker.remove_or_restore_posts(LogEntry.objects.select_related("by").get(pk=entry))
