"""A report is one member's; all reports on a post join its one open case. Nothing of it is ever deleted."""

from collections import Counter

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from forum.bounds import COMMENT_MAX, EXCERPT_MAX, REASON_MAX
from forum.models import Post, Revision


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        return self.filter(settled_at=None)

    def settled(self) -> "CaseQuerySet":
        return self.filter(settled_at__isnull=False)

    def visible_to(self, person: Person) -> "CaseQuerySet":
        """The list twin of permissions.can_see_case."""
        if not person.is_authenticated or not person.is_staff:
            return self.none()
        theirs = self.filter(post__topic__section__in=person.moderates) if person.is_limited else self
        return theirs.exclude(post__author=person)

    def with_post(self) -> "CaseQuerySet":
        """Join what the page of a case shows of the post and asks of its topic."""
        return self.select_related(
            "settled_by",
            "post__author",
            "post__edited_by",
            "post__removal__removed_by",
            "post__highlight",
            "post__topic__section",
            "post__topic__closure",
            "post__topic__pin",
        )

    def locked(self, pk: int) -> "Case":
        """Lock the case's row, then read it, as Topic.objects.locked does."""
        self.select_for_update(no_key=True).only("pk").get(pk=pk)
        return self.with_post().get(pk=pk)

    def for_list(self) -> "CaseQuerySet":
        """Join what a line on the desk shows, in one query: the reasons given, one a report, and how the
        reported text began where the post says something else by now."""
        reasons = Report.objects.filter(case=OuterRef("pk")).order_by().values("reason")
        reported = Revision.objects.filter(post=OuterRef("post"), number=OuterRef("revision"))
        return (
            self.select_related("settled_by", "post__author", "post__topic__section")
            .defer("post__body", "post__html")
            .annotate(
                reasons_given=ArraySubquery(reasons),
                began=Subquery(reported.values(start=Left("body", EXCERPT_MAX - 1))),
            )
        )


class Case(models.Model):
    class Outcome(models.TextChoices):
        UPHELD = "upheld", "Upheld"
        DISMISSED = "dismissed", "Dismissed"

    post = models.ForeignKey(Post, models.PROTECT, related_name="cases")
    earlier = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+"
    )  # the case settled before it
    revision = models.PositiveIntegerField()  # what the post said when first reported
    opened_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    note = models.CharField(max_length=REASON_MAX, blank=True)

    objects = CaseQuerySet.as_manager()

    # What for_list() adds.
    reasons_given: list[str]
    began: str | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(settled_at=None), name="one_open_case_per_post"
            ),
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

    def get_absolute_url(self) -> str:
        return reverse("moderation:case", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Of a case read with for_list(): each reason in words and how many gave it, the most first."""
        return [
            (Report.Reason(reason).label, times)
            for reason, times in Counter(self.reasons_given).most_common()
        ]

    @property
    def excerpt(self) -> str:
        """Of a case read with for_list(): how the text began that was reported."""
        return self.post.excerpt if self.began is None else self.began


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
    rule = models.ForeignKey("accounts.Rule", models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "reporter"], name="one_report_per_member_and_case"),
        ]
        ordering = ["pk"]
