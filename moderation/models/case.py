"""A report is one member's; all reports on a post join its one open case. Nothing of it is ever deleted."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from forum.bounds import COMMENT_MAX, REASON_MAX
from forum.models import Post


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        return self.filter(settled_at=None)

    def settled(self) -> "CaseQuerySet":
        return self.filter(settled_at__isnull=False)

    def visible_to(self, person: User) -> "CaseQuerySet":
        """Staff see every case but those about their own posts: an author never learns who reported."""
        if not person.is_staff:
            return self.none()
        return self.exclude(post__author=person)


class Case(models.Model):
    class Outcome(models.TextChoices):
        UPHELD = "upheld", "Upheld"
        DISMISSED = "dismissed", "Dismissed"

    post = models.ForeignKey(Post, models.PROTECT, related_name="cases")
    earlier = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")  # the case settled before it
    revision = models.PositiveIntegerField()  # what the post said when first reported
    opened_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    note = models.CharField(max_length=REASON_MAX, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post"], condition=Q(settled_at=None), name="one_open_case_per_post"),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, outcome="")
                | Q(settled_at__isnull=False, settled_by__isnull=False, outcome__in=["upheld", "dismissed"]),
                name="a_settlement_has_a_person_and_an_outcome",
            ),
        ]
        # The desk's two lists, by number; the first also answers "how many wait?".
        indexes = [
            models.Index(fields=["id"], condition=Q(settled_at=None), name="open_cases"),
            models.Index(fields=["id"], condition=Q(settled_at__isnull=False), name="settled_cases"),
        ]

    @property
    def is_open(self) -> bool:
        return self.settled_at is None


class Report(models.Model):
    class Reason(models.TextChoices):
        SPAM = "spam", "Spam or advertising"
        ATTACK = "attack", "Insults, threatens or harasses somebody"
        PRIVATE = "private", "Gives away somebody's private details"
        OFF_TOPIC = "off_topic", "Has nothing to do with this topic"
        ILLEGAL = "illegal", "Looks illegal or dangerous"
        OTHER = "other", "Something else (say what below)"

    case = models.ForeignKey(Case, models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()  # what the post said when this member reported it
    reason = models.CharField(max_length=10, choices=Reason)
    comment = models.CharField(max_length=COMMENT_MAX, blank=True)
    reported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "reporter"], name="one_report_per_member_and_case"),
        ]
        ordering = ["pk"]
