"""A topic with a title; its first post is the original post."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person, SiteVersion, is_member
from core.text.slugs import slug_of
from forum.models.closure import Closure
from forum.models.highlight import Highlight
from forum.models.maximum_lengths import TITLE_MAX
from forum.models.page_sizes import POSTS_PER_PAGE
from forum.models.row_lock import lock_row
from forum.models.section import Section
from forum.models.section_version import SectionVersion


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, person: Person) -> "TopicQuerySet":
        """The queryset version of permissions.can_read_topic."""
        topics = self.filter(section__in=Section.objects.visible_to(person).values("pk"), is_merged=False)
        if not is_member(person) or not person.is_staff:
            return topics.filter(is_removed=False)
        return (
            topics.filter(Q(is_removed=False) | Q(section__in=person.moderates))
            if person.is_limited
            else topics
        )

    def listed(self) -> "TopicQuerySet":
        """Returns the topics that lists show. Removed topics are in no list, so counts are the same for everyone."""
        return self.filter(is_removed=False, is_merged=False)

    def open(self) -> "TopicQuerySet":
        """Returns the topics that are not closed: the queryset version of Topic.is_closed."""
        return self.filter(Q(closes_at=None) | Q(closes_at__gt=Now()), closure=None)

    def pinned(self) -> "TopicQuerySet":
        """The queryset version of Topic.is_pinned."""
        return self.exclude(pin=None).filter(Q(pin__until=None) | Q(pin__until__gt=Now()))

    def latest_first(self) -> "TopicQuerySet":
        return self.order_by("-last_post_at", "-pk")

    def with_closure(self) -> "TopicQuerySet":
        """Joins what nearly every action needs. The rest is loaded on demand: planning a join of seven tables takes the
        database longer than everything else in a reply."""
        return self.select_related("section", "closure")

    def with_state(self) -> "TopicQuerySet":
        """Joins what a topic page shows of the topic."""
        return self.select_related(
            "section",
            "closure__closed_by",
            "closure__read_instead__section",
            "pin",
            "poll",
            "timer__set_by",
            "removal__removed_by",
        )

    def for_list(self) -> "TopicQuerySet":
        """Joins what a row in a list shows, and the number that grows when one of these names changes."""
        return self.select_related("section", "closure", "pin", "started_by", "last_post_by").annotate(
            is_highlighted=Exists(Highlight.objects.filter(topic=OuterRef("pk"), post__position=1)),
            epoch=Coalesce(Subquery(SiteVersion.objects.values("number")[:1]), 0),
        )

    def locked(self, pk: int) -> "Topic":
        """Locks the row, then reads the topic as it is after the wait."""
        lock_row(self.model, pk)
        return self.with_closure().get(pk=pk)

    def locked_both(self, one: int, other: int) -> "tuple[Topic, Topic]":
        """Locks two topics, the lower id first, and returns them in the given order."""
        rows = {pk: self.locked(pk) for pk in sorted((one, other))}
        return rows[one], rows[other]


class Topic(models.Model):
    # The indexes below begin with these columns; every additional index would be written with each reply.
    section = models.ForeignKey(Section, models.PROTECT, related_name="topics", db_index=False)
    title = models.CharField(max_length=TITLE_MAX)
    title_version = models.PositiveIntegerField(default=1)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="topics", db_index=False
    )
    started_at = models.DateTimeField(default=timezone.now)
    # Two numbers: the last position decides the pages, the visible posts the number of replies.
    last_position = models.PositiveIntegerField(default=0)
    reply_count = models.PositiveIntegerField(default=0)
    last_post_at = models.DateTimeField(default=timezone.now)
    last_post_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    # The newest post that counts as unread: visible and not collapsed as thanks (forum/thanks/folding.py).
    unread_position = models.PositiveIntegerField(default=1, db_default=1)
    unread_at = models.DateTimeField(default=timezone.now, db_default=Now())
    # Grows in every transaction that changes what a page of this topic shows.
    version = models.PositiveBigIntegerField(default=1)
    # For lists; TopicRemoval and TopicMerge have who, when and why.
    is_removed = models.BooleanField(default=False, db_default=False)
    is_merged = models.BooleanField(default=False, db_default=False)
    # When it closes automatically. With `inactivity_days`, every reply postpones it.
    closes_at = models.DateTimeField(null=True)
    inactivity_days = models.PositiveSmallIntegerField(null=True)
    # Slow mode: the minutes between two replies of a member; 0 without it.
    slow_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    # When text was last changed or removed: older copies of its pages are no longer shown.
    taken_back_at = models.DateTimeField(null=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        indexes = [
            # Only topics in lists, so that the pages of a list are found in the index alone.
            models.Index(
                fields=["section", "-last_post_at", "-id"],
                condition=Q(is_removed=False, is_merged=False),
                name="topics_of_a_section",
            ),
            models.Index(
                fields=["-last_post_at", "-id"],
                condition=Q(is_removed=False, is_merged=False),
                name="topics_latest_first",
            ),
            models.Index(
                fields=["closes_at"], condition=Q(closes_at__isnull=False), name="topics_by_closing_time"
            ),
            models.Index(fields=["started_by", "-id"], name="topics_by_member"),
            models.Index(
                fields=["taken_back_at"],
                condition=models.Q(taken_back_at__isnull=False),
                name="topics_by_taking_back",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="topic_has_a_title"),
            models.CheckConstraint(
                condition=Q(inactivity_days=None) | Q(inactivity_days__gt=0, closes_at__isnull=False),
                name="silence_ends_in_closing",
            ),
        ]

    @property
    def is_closed(self) -> bool:
        """Whether the topic is closed, by a closure or by its scheduled time, even if the job did not run yet."""
        return hasattr(self, "closure") or (self.closes_at is not None and self.closes_at <= timezone.now())

    @property
    def current_closure(self) -> "Closure":
        """The closure of a closed topic. If its job did not run yet, the closure that it will store."""
        return self.closure if hasattr(self, "closure") else self.timer.closure()

    @property
    def is_pinned(self) -> bool:
        return hasattr(self, "pin") and not self.pin.is_over

    @property
    def is_listed(self) -> bool:
        """Whether the topic is in lists: neither removed nor merged."""
        return not (self.is_removed or self.is_merged)

    @property
    def ever_had_replies(self) -> bool:
        """Whether there ever was a reply, removed or not."""
        return self.last_position > 1

    @property
    def has_poll(self) -> bool:
        return hasattr(self, "poll")

    @property
    def original_title(self) -> str:
        """The title as it was first posted."""
        return self.title if self.title_version == 1 else self.title_changes.get(number=2).was

    @property
    def slug(self) -> str:
        return slug_of(self.title)

    @property
    def pages(self) -> int:
        return page_of(max(self.last_position, 1))

    def change(self, *, takes_back: bool = False, topics: int = 0, **fields: Any) -> None:
        """Writes these fields and a new version; call it under the topic's lock. `takes_back`: something readable is no
        longer readable. `topics`: the change in the number of topics of the section."""
        self.write(takes_back=takes_back, **fields)
        SectionVersion.objects.grow(section=self.section_id, topic=self.pk, topics=topics)

    def write(self, *, takes_back: bool = False, **fields: Any) -> None:
        """Like `change`, for actions on two topics, which raise the versions with
        SectionVersion.objects.bump_all."""
        if takes_back:
            # The start of this statement, not of the transaction: by now the lock makes the transaction one of those
            # that write (forum.web.page_versions.RUNNING_SQL).
            fields["taken_back_at"] = Now()
        Topic.objects.filter(pk=self.pk).update(version=models.F("version") + 1, **fields)

    def url_for(self, act: str) -> str:
        return reverse(f"forum:{act}", args=[self.pk, self.slug])

    @property
    def newest_url(self) -> str:
        page = f"?page={self.pages}" if self.pages > 1 else ""
        return f"{self.get_absolute_url()}{page}#newest"

    @property
    def first_unread_url(self) -> str:
        return self.url_for("first_unread")

    def get_absolute_url(self) -> str:
        return self.url_for("topic")


def page_of(position: int) -> int:
    return (position - 1) // POSTS_PER_PAGE + 1
