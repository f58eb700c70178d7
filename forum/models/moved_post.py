"""A stub at the old position of a moved post. It links to the post."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from forum.models.post import Post
from forum.models.topic import Topic


class MovedPostStub(models.Model):
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="moved_posts", db_index=False)
    position = models.PositiveIntegerField()
    post = models.ForeignKey(Post, models.CASCADE, related_name="places_left")
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "position"], name="one_post_has_left_a_place"),
        ]
