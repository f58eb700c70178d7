"""A scheduled automatic close. Its time is in the row of the topic, since every reply checks it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from forum.models.closure import Closure
from forum.models.maximum_lengths import REASON_MAX
from forum.models.topic import Topic


class AutoCloseTimer(models.Model):
    topic = models.OneToOneField(Topic, models.CASCADE, related_name="timer")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=REASON_MAX, blank=True)

    def closure(self) -> Closure:
        """Returns the closure as it will be stored, dated to the scheduled time. It is not saved."""
        days = self.topic.inactivity_days
        inactivity_message = ngettext(
            "Closed automatically after %(days)d day of inactivity.",
            "Closed automatically after %(days)d days of inactivity.",
            days or 0,
        )
        explanation = inactivity_message % {"days": days} if days else _("Closed automatically.")
        return Closure(
            topic=self.topic,
            closed_by=self.set_by,
            closed_at=self.topic.closes_at or timezone.now(),
            reason=self.reason or explanation,
            is_automatic=True,
        )
