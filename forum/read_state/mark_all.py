"""Everything up to a moment counts as read."""

from datetime import datetime

from django.db import connection
from django.utils import timezone

from accounts.models import User

# Whoever writes has a transaction id from the lock on; they take the time of their post after that.
OLDEST_WRITER = """
SELECT min(xact_start) FROM pg_stat_activity
 WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
"""


def moment_told() -> datetime:
    """The newest moment of which it is known what was posted before it. A post carries the time at which it was
    written, and is seen a little later: with a writer still at work, now is too new."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_WRITER)
        (since,) = cursor.fetchone()
    return min(now, since) if since else now


def mark_all_read(*, by: User, until: datetime | None = None) -> bool:
    """Everything up to now counts as read, or `until` then: what came after the page was made on which they said so
    stays unread. False if that was so already."""
    told = moment_told()
    until = min(until or told, told)
    return bool(User.objects.filter(pk=by.pk, caught_up_at__lt=until).update(caught_up_at=until))
