"""Warnings, silences and suspensions. The end of an active one is also stored in the member's row."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.log_entry import REASON_MAX
from accounts.models.rules import Rule

# The value of `silenced_until` and `suspended_until` for a permanent sanction.
PERMANENT = datetime(9999, 1, 1, tzinfo=UTC)


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def active(self, at: datetime | Now | None = None) -> "SanctionQuerySet":
        """Returns the sanctions that are neither lifted nor expired."""
        return self.filter(Q(until=None) | Q(until__gt=at or timezone.now()), lifted_at=None)


class Sanction(models.Model):
    class Kind(models.TextChoices):
        WARNING = "warning", _("Warning")
        SILENCE = "silence", _("Silence")
        SUSPENSION = "suspension", _("Suspension")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sanctions")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True)  # null: permanent
    reason = models.CharField(max_length=REASON_MAX)  # shown to the member
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = SanctionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["warning", "silence", "suspension"]), name="sanction_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_sanction_has_a_reason"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("at")), name="a_sanction_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="lifting_has_a_time_and_a_person",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-id"], name="sanctions_of_a_member"),
            models.Index(fields=["-id"], condition=Q(lifted_at=None), name="sanctions_not_lifted"),
        ]

    @property
    def is_lifted(self) -> bool:
        return self.lifted_at is not None

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until <= timezone.now()

    @property
    def is_active(self) -> bool:
        return not self.is_lifted and not self.is_over
