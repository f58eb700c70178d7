"""A post awaiting approval. It has no position yet, and only its author and staff can see it."""

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, User, is_member
from core.web.request_values import is_number
from forum.models.maximum_lengths import BODY_MAX, EXCERPT_MAX, REASON_MAX, TITLE_MAX
from forum.models.post import Post
from forum.models.section import Section
from forum.models.topic import Topic


class PendingPostQuerySet(models.QuerySet["PendingPost"]):
    def pending(self) -> "PendingPostQuerySet":
        return self.filter(resolved_at=None)

    def visible_to(self, person: Person) -> "PendingPostQuerySet":
        """The queryset version of permissions.can_see_pending."""
        if not is_member(person):
            return self.none()
        return self.filter(Q(author=person.pk) | _in_sections_of(person))

    def reviewable_by(self, person: Person) -> "PendingPostQuerySet":
        """The queryset version of permissions.can_review_pending, for pending posts."""
        if not is_member(person):
            return self.none()
        return self.pending().filter(_in_sections_of(person)).exclude(author=person.pk)

    def with_destination(self) -> "PendingPostQuerySet":
        """Joins what a line in a list shows."""
        return self.select_related(
            "author", "section", "topic__section", "topic__closure", "resolved_by", "post"
        )

    def locked(self, pk: int) -> "PendingPost":
        """Locks the row, then reads it, like Topic.objects.locked. Code that needs both locks this one first."""
        self.select_for_update(no_key=True).only("pk").get(pk=pk)
        return self.with_destination().get(pk=pk)


def _in_sections_of(member: User) -> Q:
    if not member.is_staff:
        return Q(pk=None)
    # Not an empty Q: combined with OR, it would be dropped.
    if not member.moderates:
        return Q(pk__isnull=False)
    return Q(topic=None, section__in=member.moderates) | Q(topic__section__in=member.moderates)


class PendingPost(models.Model):
    class Why(models.TextChoices):
        FIRST = "first", _("First posts of a new member")
        LINKS = "links", _("Too many links for a new member")
        WORDS = "words", _("Watched words")
        SAME = "same", _("Same text posted in several places")
        TRAP = "trap", _("An invisible field was filled in")
        HASTE = "haste", _("First post of someone who signed up within two seconds")
        OUTSIDE = "outside", _("External check")

    class Outcome(models.TextChoices):
        LET_IN = "let_in", _("Approved")
        REFUSED = "refused", _("Rejected")
        TAKEN_BACK = "taken_back", _("Withdrawn")

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    section = models.ForeignKey(Section, models.PROTECT, related_name="+", db_index=False)
    # None: a new topic.
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="+", db_index=False)
    title = models.CharField(max_length=TITLE_MAX, blank=True)
    body = models.CharField(max_length=BODY_MAX)
    html = models.TextField()
    excerpt = models.CharField(max_length=EXCERPT_MAX)
    # The poll of a new topic; {} without one.
    poll = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    submission_key = models.UUIDField()
    sent_at = models.DateTimeField(default=timezone.now)
    why = models.CharField(max_length=10, choices=Why)
    # What the check found, for staff only: the words or the site, or the number of links in the post.
    what = models.CharField(max_length=REASON_MAX, blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = models.CharField(max_length=REASON_MAX, blank=True)  # shown to the author of a rejected post
    post = models.OneToOneField(Post, models.PROTECT, null=True, related_name="+")  # what it became

    objects = PendingPostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "submission_key"], name="one_waiting_text_per_submission"
            ),
            models.CheckConstraint(condition=~Q(body=""), name="waiting_text_says_something"),
            models.CheckConstraint(
                condition=Q(topic=None) & ~Q(title="") | Q(topic__isnull=False, title=""),
                name="waiting_text_has_a_topic_or_a_title",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None, outcome="")
                | Q(
                    resolved_at__isnull=False,
                    resolved_by__isnull=False,
                    outcome__in=["refused", "taken_back"],
                )
                | Q(
                    resolved_at__isnull=False, resolved_by__isnull=False, outcome="let_in", post__isnull=False
                ),
                name="waiting_text_is_settled_by_somebody_somehow",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(resolved_at=None), name="waiting_oldest_first"),
            models.Index(fields=["author", "-id"], name="waiting_by_member"),
            models.Index(fields=["topic"], condition=Q(resolved_at=None), name="waiting_in_a_topic"),
            models.Index(fields=["section"], condition=Q(resolved_at=None), name="waiting_in_a_section"),
        ]

    @property
    def is_pending(self) -> bool:
        return self.resolved_at is None

    @property
    def links_counted(self) -> int | None:
        """How many links the post has, if that is why it needs approval."""
        return int(self.what) if self.why == self.Why.LINKS and is_number(self.what, digits=9) else None

    @property
    def original_text(self) -> str:
        """The same as Post.original_text."""
        return self.body

    @property
    def is_topic(self) -> bool:
        return self.topic_id is None

    @property
    def heading(self) -> str:
        """Its title, or that of its topic."""
        return self.topic.title if self.topic else self.title

    @property
    def current_section(self) -> Section:
        """The section where it would be posted: its topic may have been moved since."""
        return self.topic.section if self.topic else self.section

    @property
    def destination_url(self) -> str:
        """The URL of the topic or section where it was written."""
        return (self.topic or self.section).get_absolute_url()

    @property
    def url_in_context(self) -> str:
        """The page on which its author sees it."""
        if self.topic is None:
            return f"{self.section.get_absolute_url()}#waiting"
        return f"{self.topic.get_absolute_url()}?page={self.topic.pages}#waiting"

    def get_absolute_url(self) -> str:
        return reverse("forum:waiting_text", args=[self.pk])
