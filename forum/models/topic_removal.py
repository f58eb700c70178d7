"""A whole topic is away, with all that is in it: staff removed it, or it is held until staff have looked at it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from forum.models.limits import REASON_MAX
from forum.models.topic import Topic


class TopicRemoval(models.Model):
    class Kind(models.TextChoices):
        REMOVED = "removed", "Removed"
        HELD = "held", "Hidden until staff have looked at it"

    topic = models.OneToOneField(Topic, models.CASCADE, related_name="removal")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.REMOVED, db_default=Kind.REMOVED)
    # Nobody, where a rule held the topic and no person did.
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=REASON_MAX, blank=True)
    rule = models.ForeignKey("accounts.Rule", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="held") | Q(kind="removed", removed_by__isnull=False),
                name="whoever_removed_a_topic_is_known",
            ),
        ]
