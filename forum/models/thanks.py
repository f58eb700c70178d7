"""That a member thanks for a post, and for which of its revisions."""

from datetime import datetime

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from forum.models.post import Post

SAY = """
INSERT INTO forum_thanks (post_id, member_id, revision, at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


class ThanksManager(models.Manager["Thanks"]):
    def say(self, *, post: int, member: int, revision: int, at: datetime) -> bool:
        """False if this member thanks for the post already: whatever comes twice, or at once, is one row."""
        with connection.cursor() as cursor:
            cursor.execute(SAY, [post, member, revision, at])
            return bool(cursor.rowcount)


class Thanks(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="thanks", db_index=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # What they thanked for: after an edit they are told that it says something else now.
    revision = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    objects = ThanksManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "member"], name="one_thanks_per_post_and_member"),
        ]
        # In this order a post names who thanks for it.
        indexes = [models.Index(fields=["post", "id"], name="thanks_of_a_post")]
