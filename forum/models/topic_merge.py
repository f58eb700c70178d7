"""A topic that was merged into another. Its URL redirects there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from forum.models.topic import Topic


class TopicMerge(models.Model):
    topic = models.OneToOneField(Topic, models.CASCADE, related_name="merging")
    into = models.ForeignKey(Topic, models.PROTECT, related_name="merged_in")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(topic=F("into")), name="a_topic_goes_into_another"),
        ]
