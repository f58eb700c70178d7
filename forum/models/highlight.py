"""A highlight by staff on a revision of a post. Highlighted posts are at the top of every page of their topic."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from forum.models.maximum_lengths import EXCERPT_MAX

HIGHLIGHTS_PER_TOPIC = 10


class HighlightQuerySet(models.QuerySet["Highlight"]):
    def of_topic(self, topic: models.Model) -> "HighlightQuerySet":
        return self.filter(topic=topic).select_related("post__author").order_by("post__position")


class Highlight(models.Model):
    post = models.OneToOneField("forum.Post", models.CASCADE, related_name="highlight")
    topic = models.ForeignKey("forum.Topic", models.CASCADE, related_name="highlights")
    # The revision that staff saw: later edits by the author are not at the top until staff confirm them.
    revision = models.PositiveIntegerField()
    excerpt = models.CharField(max_length=EXCERPT_MAX)
    highlighted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    highlighted_at = models.DateTimeField(default=timezone.now)

    objects = HighlightQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-highlighted_at", "-id"], name="highlights_newest_first")]

    @property
    def is_outdated(self) -> bool:
        return self.post.version > self.revision
