"""An author’s appeal against the outcome of a case, one per case; another moderator decides it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.models.maximum_lengths import COMMENT_MAX, REASON_MAX

APPEAL_PERIOD = timedelta(days=30)  # after the decision


class Appeal(models.Model):
    class Decision(models.TextChoices):
        UPHELD = "upheld", _("Decision upheld")
        GRANTED = "granted", _("Appeal granted")

    case = models.OneToOneField("moderation.Case", models.PROTECT, related_name="appeal")
    words = models.CharField(max_length=COMMENT_MAX)
    made_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    answer = models.CharField(max_length=REASON_MAX, blank=True)  # the reason, shown to the author

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, decision="")
                | Q(decided_at__isnull=False, decided_by__isnull=False, decision__in=["upheld", "granted"]),
                name="a_decision_has_a_person_and_a_time",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(decided_at=None), name="appeals_that_wait")]

    @property
    def is_decided(self) -> bool:
        return self.decided_at is not None

    @property
    def is_granted(self) -> bool:
        return self.decision == self.Decision.GRANTED
