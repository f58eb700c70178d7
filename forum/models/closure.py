"""A closed topic: who closed it, when and why, and a related topic. Nobody can reply in it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from forum.models.maximum_lengths import REASON_MAX


class Closure(models.Model):
    topic = models.OneToOneField("forum.Topic", models.CASCADE, related_name="closure")
    # Who closed it or, if it closed automatically, who scheduled that.
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=REASON_MAX)
    rule = models.ForeignKey("accounts.Rule", models.PROTECT, null=True, related_name="+")
    is_automatic = models.BooleanField(default=False, db_default=False)
    read_instead = models.ForeignKey("forum.Topic", models.SET_NULL, null=True, blank=True, related_name="+")
