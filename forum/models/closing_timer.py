"""A topic that is to close by itself. When that is, the topic's own row says, since every answer asks it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import ngettext

from forum.models.closure import Closure
from forum.models.limits import REASON_MAX
from forum.models.topic import Topic


class ClosingTimer(models.Model):
    topic = models.OneToOneField(Topic, models.CASCADE, related_name="timer")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=REASON_MAX, blank=True)

    def closure(self) -> Closure:
        """As it will be written down, of the moment when the topic's time had come; not a row."""
        days = self.topic.silence_days
        silent = ngettext(
            "By itself, after %d day of silence.", "By itself, after %d days of silence.", days or 0
        )
        why = silent % days if days else "By itself."
        return Closure(
            topic=self.topic,
            closed_by=self.set_by,
            closed_at=self.topic.closes_at or timezone.now(),
            reason=self.reason or why,
            is_by_itself=True,
        )
