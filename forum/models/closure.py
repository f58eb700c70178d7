"""Who closed a topic, when, why, and what to read instead. A closed topic takes no replies."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from forum.models.limits import REASON_MAX


class Closure(models.Model):
    topic = models.OneToOneField("forum.Topic", models.CASCADE, related_name="closure")
    # Who closed it; or, where it closed by itself, who had said that it should.
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=REASON_MAX)
    rule = models.ForeignKey("accounts.Rule", models.PROTECT, null=True, related_name="+")
    is_by_itself = models.BooleanField(default=False, db_default=False)
    read_instead = models.ForeignKey("forum.Topic", models.SET_NULL, null=True, blank=True, related_name="+")
