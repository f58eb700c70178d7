"""A removed topic: removed by staff, deleted by its author, or auto-hidden until staff review it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.models.maximum_lengths import REASON_MAX
from forum.models.topic import Topic


class TopicRemoval(models.Model):
    class Kind(models.TextChoices):
        REMOVED = "removed", _("Removed")
        AUTO_HIDDEN = "held", _("Hidden until staff review it")

    topic = models.OneToOneField(Topic, models.CASCADE, related_name="removal")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.REMOVED, db_default=Kind.REMOVED)
    # None if a rule hid the topic, not a person.
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
