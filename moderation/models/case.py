"""All reports on a post join its one open case. Nothing of it is ever deleted."""

from collections import Counter
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from forum.models import Post, Revision
from forum.models.limits import EXCERPT_MAX, REASON_MAX
from forum.models.row_lock import lock_row
from moderation.models.appeal import Appeal
from moderation.models.report import Report, in_words


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        return self.filter(settled_at=None)

    def free_for(self, person: Person) -> "CaseQuerySet":
        """Open, and nobody else has them."""
        taken = Q(claimed_until__gt=timezone.now()) & ~Q(claimed_by=person.pk)
        return self.open().exclude(taken)

    def settled(self) -> "CaseQuerySet":
        return self.filter(settled_at__isnull=False)

    def breaches(self) -> "CaseQuerySet":
        """In which a breach was found, whatever was done about it."""
        return self.settled().exclude(outcome=Case.Outcome.NO_BREACH)

    def appealed(self) -> "CaseQuerySet":
        """Those whose author waits for a decision. Asked from the appeals, of which few wait."""
        return self.filter(pk__in=Appeal.objects.filter(decided_at=None).values("case"))

    def visible_to(self, person: Person) -> "CaseQuerySet":
        """The list twin of permissions.can_see_case."""
        if not person.is_authenticated or not person.is_staff:
            return self.none()
        theirs = self.filter(post__topic__section__in=person.moderates) if person.is_limited else self
        return theirs.exclude(author=person)

    def with_post(self) -> "CaseQuerySet":
        """With what the page of a case shows of the post and asks of its topic. The post in a second query: PostgreSQL
        takes 1 ms to plan each, and 40 ms to plan both as one, of eighteen tables."""
        posts = Post.objects.select_related(
            "author",
            "edited_by",
            "removal__removed_by",
            "highlight",
            "topic__section",
            "topic__closure",
            "topic__pin",
        )
        people = self.select_related("settled_by", "claimed_by", "author", "rule", "appeal__decided_by")
        return people.prefetch_related(Prefetch("post", posts))

    def locked(self, pk: int) -> "Case":
        """Lock the case's row, then read it, as Topic.objects.locked does."""
        lock_row(self.model, pk)
        return self.with_post().get(pk=pk)

    def for_list(self) -> "CaseQuerySet":
        """Join what a line on the desk shows, in one query: the reasons given, one a report, and how the
        reported text began where the post says something else by now."""
        of_case = Report.objects.filter(case=OuterRef("pk")).order_by()
        reported = Revision.objects.filter(post=OuterRef("post"), number=OuterRef("revision"))
        return (
            self.select_related(
                "settled_by", "claimed_by", "author", "appeal", "post__topic__section", "post__removal"
            )
            .defer("post__body", "post__html")
            .annotate(
                reasons_given=ArraySubquery(of_case.values("reason")),
                weights=ArraySubquery(of_case.values("weight")),
                began=Subquery(reported.values(start=Left("body", EXCERPT_MAX - 1))),
            )
        )


class Case(models.Model):
    class Outcome(models.TextChoices):
        NO_BREACH = "no_breach", "No breach"
        WARNED = "warned", "Member warned"
        EDITED = "edited", "Post edited"
        REMOVED = "removed", "Post removed"
        CLOSED = "closed", "Topic closed"
        SUSPENDED = "suspended", "Member suspended"
        UPHELD = "upheld", "Upheld"  # only of cases from before an outcome was an act

    post = models.ForeignKey(Post, models.PROTECT, related_name="cases")
    earlier = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+"
    )  # the case settled before it
    # Whose post it is, and what they were called when it was reported.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=30)
    revision = models.PositiveIntegerField()  # what the post said when first reported
    opened_at = models.DateTimeField(default=timezone.now)
    held_at = models.DateTimeField(null=True)  # when its reports hid the post, once a case
    first_looked_at = models.DateTimeField(null=True)  # when somebody took it first
    # A lease: it ends by itself, and whoever works on the case renews it.
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_revision = models.PositiveIntegerField(null=True)  # what the post said then
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    rule = models.ForeignKey("accounts.Rule", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=REASON_MAX, blank=True)  # to the author
    note = models.CharField(max_length=REASON_MAX, blank=True)  # among staff
    done = models.JSONField(default=dict, db_default={})  # what settling did, enough for undoing it

    objects = CaseQuerySet.as_manager()

    # What for_list() adds.
    reasons_given: list[str]
    weights: list[Decimal]
    began: str | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(settled_at=None), name="one_open_case_per_post"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, outcome="")
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(outcome=""),
                name="a_settlement_has_a_person_and_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_until=None)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False, settled_at=None),
                name="a_claim_is_on_an_open_case",
            ),
        ]
        # The desk's two lists, by number; the first also answers "how many wait?".
        indexes = [
            models.Index(fields=["id"], condition=Q(settled_at=None), name="open_cases"),
            models.Index(fields=["id"], condition=Q(settled_at__isnull=False), name="settled_cases"),
            models.Index(fields=["author", "-id"], name="cases_by_author"),
            models.Index(
                fields=["settled_at"], condition=Q(settled_at__isnull=False), name="cases_by_settling"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("moderation:case", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    @property
    def is_claimed(self) -> bool:
        """Has somebody taken it whose time has not run out?"""
        return self.claimed_until is not None and self.claimed_until > timezone.now()

    @property
    def is_appealed(self) -> bool:
        """Does its author wait for a decision?"""
        return hasattr(self, "appeal") and not self.appeal.is_decided

    @property
    def is_undone(self) -> bool:
        return hasattr(self, "appeal") and self.appeal.is_granted

    @property
    def weight(self) -> Decimal:
        """Of a case read with for_list()."""
        return sum(self.weights, Decimal(0))

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Of a case read with for_list(): each reason in words and how many gave it, the most first."""
        return [(in_words(reason), times) for reason, times in Counter(self.reasons_given).most_common()]

    @property
    def excerpt(self) -> str:
        """Of a case read with for_list(): how the text began that was reported."""
        return self.post.excerpt if self.began is None else self.began
