"""A text that waits until staff let it in. No post yet: it has no position, and its writer and staff alone see it."""

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person, User, is_member
from forum.models.limits import BODY_MAX, EXCERPT_MAX, REASON_MAX, TITLE_MAX
from forum.models.post import Post
from forum.models.section import Section
from forum.models.topic import Topic


class WaitingPostQuerySet(models.QuerySet["WaitingPost"]):
    def waiting(self) -> "WaitingPostQuerySet":
        return self.filter(settled_at=None)

    def visible_to(self, person: Person) -> "WaitingPostQuerySet":
        """The list twin of permissions.can_see_waiting."""
        if not is_member(person):
            return self.none()
        return self.filter(Q(author=person.pk) | _is_staffs(person))

    def to_settle_for(self, person: Person) -> "WaitingPostQuerySet":
        """Those that wait; of them the list twin of permissions.can_settle_waiting."""
        if not is_member(person):
            return self.none()
        return self.waiting().filter(_is_staffs(person)).exclude(author=person.pk)

    def with_place(self) -> "WaitingPostQuerySet":
        """Join what a line in a list shows."""
        return self.select_related(
            "author", "section", "topic__section", "topic__closure", "settled_by", "post"
        )

    def locked(self, pk: int) -> "WaitingPost":
        """Lock the row, then read it, as Topic.objects.locked does. Whoever needs both locks this one first."""
        self.select_for_update(no_key=True).only("pk").get(pk=pk)
        return self.with_place().get(pk=pk)


def _is_staffs(member: User) -> Q:
    if not member.is_staff:
        return Q(pk=None)
    # Not an empty Q, which would ask nothing and leave nothing of what stands beside it.
    if not member.moderates:
        return Q(pk__isnull=False)
    return Q(topic=None, section__in=member.moderates) | Q(topic__section__in=member.moderates)


class WaitingPost(models.Model):
    class Why(models.TextChoices):
        FIRST = "first", "First posts of new members are looked at first"
        LINKS = "links", "Many links for a new member"
        WORDS = "words", "A word rule"
        SAME = "same", "The same text was sent to several places"
        TRAP = "trap", "A field that people do not see was filled in"
        HASTE = "haste", "The first text of who joined within two seconds"
        OUTSIDE = "outside", "The outside check asked for it"

    class Outcome(models.TextChoices):
        LET_IN = "let_in", "Let in"
        REFUSED = "refused", "Refused"
        TAKEN_BACK = "taken_back", "Taken back"

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    section = models.ForeignKey(Section, models.PROTECT, related_name="+", db_index=False)
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, related_name="+", db_index=False
    )  # None: a new one
    title = models.CharField(max_length=TITLE_MAX, blank=True)
    body = models.CharField(max_length=BODY_MAX)
    html = models.TextField()
    excerpt = models.CharField(max_length=EXCERPT_MAX)
    # The terms of a new topic's poll; {} without one.
    poll = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    submission_key = models.UUIDField()
    sent_at = models.DateTimeField(default=timezone.now)
    why = models.CharField(max_length=10, choices=Why)
    what = models.CharField(max_length=REASON_MAX, blank=True)  # of the rule; for staff alone
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = models.CharField(max_length=REASON_MAX, blank=True)  # told to the writer of what is refused
    post = models.OneToOneField(Post, models.PROTECT, null=True, related_name="+")  # what it became

    objects = WaitingPostQuerySet.as_manager()

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
                condition=Q(settled_at=None, settled_by=None, outcome="")
                | Q(settled_at__isnull=False, settled_by__isnull=False, outcome__in=["refused", "taken_back"])
                | Q(settled_at__isnull=False, settled_by__isnull=False, outcome="let_in", post__isnull=False),
                name="waiting_text_is_settled_by_somebody_somehow",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(settled_at=None), name="waiting_oldest_first"),
            models.Index(fields=["author", "-id"], name="waiting_by_member"),
            models.Index(fields=["topic"], condition=Q(settled_at=None), name="waiting_in_a_topic"),
            models.Index(fields=["section"], condition=Q(settled_at=None), name="waiting_in_a_section"),
        ]

    @property
    def is_waiting(self) -> bool:
        return self.settled_at is None

    @property
    def first_text(self) -> str:
        """As a post's."""
        return self.body

    @property
    def is_topic(self) -> bool:
        return self.topic_id is None

    @property
    def heading(self) -> str:
        """Its title, or that of the topic that it answers in."""
        return self.topic.title if self.topic else self.title

    @property
    def stands_in(self) -> Section:
        """Where it would be posted: its topic may have been moved since it was sent."""
        return self.topic.section if self.topic else self.section

    @property
    def place_url(self) -> str:
        """Where it was written."""
        return (self.topic or self.section).get_absolute_url()

    @property
    def seen_url(self) -> str:
        """The page where it was written, as its writer sees it there."""
        if self.topic is None:
            return f"{self.section.get_absolute_url()}#waiting"
        return f"{self.topic.get_absolute_url()}?page={self.topic.pages}#waiting"

    def get_absolute_url(self) -> str:
        return reverse("forum:waiting_text", args=[self.pk])
