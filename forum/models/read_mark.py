"""How far a member has read in a topic."""

from datetime import datetime

from django.conf import settings
from django.db import connection, models

from forum.models.topic import Topic

ADVANCE = """
INSERT INTO forum_readmark AS mark (member_id, topic_id, position, posted_at, read_at)
VALUES (%s, %s, %s, %s, coalesce(%s, statement_timestamp()))
ON CONFLICT (member_id, topic_id) DO UPDATE
   SET position = excluded.position, posted_at = excluded.posted_at,
       read_at = greatest(mark.read_at, excluded.read_at)
 WHERE mark.position < excluded.position
"""


class ReadMarkManager(models.Manager["ReadMark"]):
    def advance(
        self, *, member: int, topic: int, position: int, posted_at: datetime, read_at: datetime | None = None
    ) -> bool:
        """Move the mark on, never back: of two tabs the one that is further counts. False if nothing was written.
        `read_at`: now, unless it was at another time."""
        with connection.cursor() as cursor:
            cursor.execute(ADVANCE, [member, topic, position, posted_at, read_at])
            return bool(cursor.rowcount)


class ReadMark(models.Model):
    """The last post that this member was shown. Without a mark, what was written before the member's `caught_up_at`
    counts as read."""

    # One index serves both: marks are looked up by member and topic, and written more often than anything else.
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    # When the post there was written. The newest post that still stands is no news if it is not newer than this,
    # though a later position is taken by one that was removed.
    posted_at = models.DateTimeField()
    # When they last saw something new here: a later post, or other words in an old one.
    read_at = models.DateTimeField()

    objects = ReadMarkManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "topic"], name="one_read_mark_per_member_and_topic"),
        ]
