"""How far a member has read in a topic."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from forum.models.topic import Topic


class ReadMark(models.Model):
    """The last position that this member was shown. Without a row, what was written before the member's
    `caught_up_at` counts as read."""

    # One index serves both: marks are looked up by member and topic. They are written more often than anything else.
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "topic"], name="one_read_mark_per_member_and_topic"),
        ]
