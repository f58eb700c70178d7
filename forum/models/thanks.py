"""A member's thanks for a post."""

from datetime import datetime

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from forum.models.post import Post

INSERT = """
INSERT INTO forum_thanks (post_id, member_id, revision, at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


class ThanksManager(models.Manager["Thanks"]):
    def say(self, *, post: int, member: int, revision: int, at: datetime) -> bool:
        """Stores the thanks. Returns False if the member already thanked, also in a simultaneous request."""
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [post, member, revision, at])
            return bool(cursor.rowcount)


class Thanks(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="thanks", db_index=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The revision they thanked for: after an edit, they see that the post has changed.
    revision = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    objects = ThanksManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "member"], name="one_thanks_per_post_and_member"),
        ]
        # The order in which a post lists who thanked.
        indexes = [models.Index(fields=["post", "id"], name="thanks_of_a_post")]
