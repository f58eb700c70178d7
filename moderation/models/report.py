"""One member's report on a post, as it was made: it never changes, and is never deleted."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from forum.models.limits import COMMENT_MAX, REASON_MAX


class Report(models.Model):
    class Reason(models.TextChoices):
        SPAM = "spam", "Spam or advertising"
        ATTACK = "attack", "Insults, threatens or harasses somebody"
        PRIVATE = "private", "Gives away somebody's private details"
        OFF_TOPIC = "off_topic", "Has nothing to do with this topic"
        ILLEGAL = "illegal", "Looks illegal or dangerous"
        OTHER = "other", "Something else (say what below)"

    case = models.ForeignKey("moderation.Case", models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()  # what staff call its reporter, in this case and nowhere else
    revision = models.PositiveIntegerField()  # what the post said when this member read it
    reason = models.CharField(max_length=10, choices=Reason)
    comment = models.CharField(max_length=COMMENT_MAX, blank=True)
    rule = models.ForeignKey("accounts.Rule", models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(default=timezone.now)
    # How much it counts towards holding the post, and why: what became of its reporter's reports before it.
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
        """Its reason, without what the form says beside it."""
        return in_words(self.reason)

    def get_absolute_url(self) -> str:
        """Its reporter's own page of it."""
        return reverse("moderation:own_report", args=[self.pk])


def in_words(reason: str) -> str:
    return str(Report.Reason(reason).label).split(" (")[0]


class Mute(models.Model):
    """A member's reports are not taken for a time, because too many of them were about nothing. Staff decide it about
    the reporter of a number, and see no name."""

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
