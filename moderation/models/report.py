"""A member’s report on a post. Reports never change and are never deleted."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.models.maximum_lengths import COMMENT_MAX, REASON_MAX


class Report(models.Model):
    class Reason(models.TextChoices):
        SPAM = "spam", _("Spam or advertising")
        ATTACK = "attack", _("Insults, threats or harassment")
        PRIVATE = "private", _("Shares private information")
        OFF_TOPIC = "off_topic", _("Off-topic")
        ILLEGAL = "illegal", _("Illegal or dangerous")
        OTHER = "other", _("Something else")

    case = models.ForeignKey("moderation.Case", models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()  # identifies the reporter to staff, within this case only
    revision = models.PositiveIntegerField()  # the revision that this member read
    reason = models.CharField(max_length=10, choices=Reason)
    comment = models.CharField(max_length=COMMENT_MAX, blank=True)
    rule = models.ForeignKey("accounts.Rule", models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(default=timezone.now)
    # How much it counts towards hiding the post, and the results of the reporter’s earlier reports that explain it.
    weight = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal(1), db_default=Decimal(1))
    upheld_before = models.PositiveSmallIntegerField(default=0, db_default=0)
    dismissed_before = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "reporter"], name="one_report_per_member_and_case"),
            models.UniqueConstraint(fields=["case", "number"], name="one_report_per_number_and_case"),
        ]
        indexes = [
            models.Index(fields=["reporter", "-id"], name="reports_by_member"),
            models.Index(fields=["reason", "case"], name="reports_by_reason"),
        ]
        ordering = ["pk"]

    @property
    def in_words(self) -> str:
        """The label of the reason."""
        return reason_label(self.reason)

    def get_absolute_url(self) -> str:
        """The reporter’s page about this report."""
        return reverse("moderation:own_report", args=[self.pk])


def reason_label(reason: str) -> str:
    return str(Report.Reason(reason).label)


class Mute(models.Model):
    """A period in which a member cannot report posts, because too many of their reports were dismissed. Staff mute a
    numbered reporter of a case and do not see the name."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    because_of = models.ForeignKey(Report, models.PROTECT, related_name="mutes")
    muted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    muted_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    reason = models.CharField(max_length=REASON_MAX)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["member", "until"], name="mutes_by_member")]
