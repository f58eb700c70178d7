"""A pinned topic is at the top of its section."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from forum.models.topic import Topic


class Pin(models.Model):
    topic = models.OneToOneField(Topic, models.CASCADE, related_name="pin")
    pinned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    pinned_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True)

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until <= timezone.now()
