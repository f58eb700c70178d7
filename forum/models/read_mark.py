"""How far a member has read a topic."""

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
        """Moves the mark forward, never back: of two tabs, the one that is further counts. Returns False if nothing was
        written. `read_at`: None means now."""
        with connection.cursor() as cursor:
            cursor.execute(ADVANCE, [member, topic, position, posted_at, read_at])
            return bool(cursor.rowcount)


class ReadMark(models.Model):
    """The last post that was shown to this member. Without a mark, posts from before the member's `read_all_until`
    count as read."""

    # No indexes of their own: marks are looked up by member and topic, and written very often.
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    # When the post at that position was written. If the newest visible post is not newer, nothing is unread, even if
    # a removed post has a later position.
    posted_at = models.DateTimeField()
    # When the member last saw something new here: a later post or an edit.
    read_at = models.DateTimeField()

    objects = ReadMarkManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "topic"], name="one_read_mark_per_member_and_topic"),
        ]
