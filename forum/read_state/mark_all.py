"""Mark everything up to a given time as read."""

from datetime import datetime

from django.db import connection
from django.utils import timezone

from accounts.models import User

# A writer has a transaction id from the lock on, and takes the time of their post after that.
OLDEST_WRITER_SQL = """
SELECT min(xact_start) FROM pg_stat_activity
 WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
"""


def latest_settled_time() -> datetime:
    """Returns the latest time before which every post is visible. A post carries the time at which it was written, and
    becomes visible a little later, so with a writer still at work this is before now."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_WRITER_SQL)
        (since,) = cursor.fetchone()
    return min(now, since) if since else now


def mark_all_read(*, by: User, until: datetime | None = None) -> bool:
    """Marks everything up to now as read, or up to `until`, the time of the page with the button: newer posts stay
    unread. Returns False if nothing changed."""
    settled = latest_settled_time()
    until = min(until or settled, settled)
    return bool(User.objects.filter(pk=by.pk, read_all_until__lt=until).update(read_all_until=until))
