"""A case collects the reports on one post. A post has at most one open case, and cases are never deleted."""

from collections import Counter
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from forum.models import Post, Revision
from forum.models.maximum_lengths import EXCERPT_MAX, REASON_MAX
from forum.models.row_lock import lock_row
from moderation.models.appeal import Appeal
from moderation.models.report import Report, reason_label


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        return self.filter(resolved_at=None)

    def claimable_by(self, person: Person) -> "CaseQuerySet":
        """Returns open cases that nobody else has claimed."""
        claimed_by_others = Q(claimed_until__gt=timezone.now()) & ~Q(claimed_by=person.pk)
        return self.open().exclude(claimed_by_others)

    def settled(self) -> "CaseQuerySet":
        return self.filter(resolved_at__isnull=False)

    def breaches(self) -> "CaseQuerySet":
        """Returns resolved cases in which a violation was found."""
        return self.settled().exclude(outcome=Case.Outcome.NO_VIOLATION)

    def appealed(self) -> "CaseQuerySet":
        """Returns cases with an undecided appeal. The subquery starts at the appeals, since few are undecided."""
        return self.filter(pk__in=Appeal.objects.filter(decided_at=None).values("case"))

    def visible_to(self, person: Person) -> "CaseQuerySet":
        """The queryset counterpart of permissions.can_see_case."""
        if not person.is_authenticated or not person.is_staff:
            return self.none()
        cases = self.filter(post__topic__section__in=person.moderates) if person.is_limited else self
        return cases.exclude(author=person)

    def with_post(self) -> "CaseQuerySet":
        """Loads what the page of a case needs of its post and topic. The post is a second query: PostgreSQL plans each
        in 1 ms, but one query with all eighteen tables in 40 ms."""
        posts = Post.objects.select_related(
            "author",
            "edited_by",
            "removal__removed_by",
            "highlight",
            "topic__section",
            "topic__closure",
            "topic__pin",
        )
        people = self.select_related("resolved_by", "claimed_by", "author", "rule", "appeal__decided_by")
        return people.prefetch_related(Prefetch("post", posts))

    def locked(self, pk: int) -> "Case":
        """Locks the row of the case, then reads it, as Topic.objects.locked does."""
        lock_row(self.model, pk)
        return self.with_post().get(pk=pk)

    def for_list(self) -> "CaseQuerySet":
        """Loads what a row of the moderation queue shows, in one query: the reason of each report, and the beginning of
        the reported revision."""
        reports = Report.objects.filter(case=OuterRef("pk")).order_by()
        reported = Revision.objects.filter(post=OuterRef("post"), number=OuterRef("revision"))
        return (
            self.select_related(
                "resolved_by", "claimed_by", "author", "appeal", "post__topic__section", "post__removal"
            )
            .defer("post__body", "post__html")
            .annotate(
                reasons_given=ArraySubquery(reports.values("reason")),
                weights=ArraySubquery(reports.values("weight")),
                began=Subquery(reported.values(start=Left("body", EXCERPT_MAX - 1))),
            )
        )


class Case(models.Model):
    class Outcome(models.TextChoices):
        NO_VIOLATION = "no_breach", _("No violation")
        WARNED = "warned", _("Member warned")
        EDITED = "edited", _("Post edited")
        REMOVED = "removed", _("Post removed")
        CLOSED = "closed", _("Topic closed")
        SUSPENDED = "suspended", _("Member suspended")
        UPHELD = "upheld", _("Upheld")  # only in cases from before outcomes were actions

    post = models.ForeignKey(Post, models.PROTECT, related_name="cases")
    earlier = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+"
    )  # the previous case about the same post
    # The author of the post, and their name when it was first reported.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=30)
    revision = models.PositiveIntegerField()  # the revision that was reported first
    opened_at = models.DateTimeField(default=timezone.now)
    auto_hidden_at = models.DateTimeField(null=True)  # when its reports hid the post, at most once per case
    first_response_at = models.DateTimeField(null=True)  # when it was first claimed
    # A lease: it expires, and is renewed when its holder works on the case.
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    resolved_revision = models.PositiveIntegerField(null=True)  # the revision of the post at that time
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    rule = models.ForeignKey("accounts.Rule", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=REASON_MAX, blank=True)  # shown to the author
    note = models.CharField(max_length=REASON_MAX, blank=True)  # for staff only
    done = models.JSONField(default=dict, db_default={})  # what resolving the case did, for undoing it

    objects = CaseQuerySet.as_manager()

    # Added by for_list().
    reasons_given: list[str]
    weights: list[Decimal]
    began: str | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(resolved_at=None), name="one_open_case_per_post"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None, outcome="")
                | Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(outcome=""),
                name="a_settlement_has_a_person_and_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_until=None)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False, resolved_at=None),
                name="a_claim_is_on_an_open_case",
            ),
        ]
        # For the two lists of the moderation queue; the first also counts open cases.
        indexes = [
            models.Index(fields=["id"], condition=Q(resolved_at=None), name="open_cases"),
            models.Index(fields=["id"], condition=Q(resolved_at__isnull=False), name="settled_cases"),
            models.Index(fields=["author", "-id"], name="cases_by_author"),
            models.Index(
                fields=["resolved_at"], condition=Q(resolved_at__isnull=False), name="cases_by_settling"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("moderation:case", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    @property
    def is_claimed(self) -> bool:
        """Whether someone has claimed it and the claim has not expired."""
        return self.claimed_until is not None and self.claimed_until > timezone.now()

    @property
    def is_appealed(self) -> bool:
        """Whether it has an undecided appeal."""
        return hasattr(self, "appeal") and not self.appeal.is_decided

    @property
    def is_reversed(self) -> bool:
        return hasattr(self, "appeal") and self.appeal.is_granted

    @property
    def weight(self) -> Decimal:
        """The total weight of its reports. Needs for_list()."""
        return sum(self.weights, Decimal(0))

    @property
    def has_plain_weight(self) -> bool:
        """Whether it is a single report with the default weight. Needs for_list()."""
        return len(self.weights) == 1 and self.weight == 1

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """The label of each reason and how many reports gave it, most frequent first. Needs for_list()."""
        return [(reason_label(reason), times) for reason, times in Counter(self.reasons_given).most_common()]

    @property
    def excerpt(self) -> str:
        """The beginning of the reported revision. Needs for_list()."""
        return self.post.excerpt if self.began is None else self.began
