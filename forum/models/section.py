"""A part of the forum with its own rules: who may read, start topics, reply."""

from functools import cached_property

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import Group, Person, User, is_member
from forum.models.limits import DESCRIPTION_MAX


class SectionQuerySet(models.QuerySet["Section"]):
    def visible_to(self, person: Person) -> "SectionQuerySet":
        """The list twin of permissions.can_read."""
        if not is_member(person):
            return self.filter(read_by=Section.Audience.EVERYONE)
        if person.is_staff and not person.is_limited:
            return self
        granted = SectionGrant.objects.filter(
            section=OuterRef("pk"), act=SectionGrant.Act.READ, group__members=person.pk
        )
        open_to = Q(read_by__in=[Section.Audience.EVERYONE, Section.Audience.MEMBERS]) | Q(
            Exists(granted), read_by=Section.Audience.GROUPS
        )
        return self.filter(open_to | Q(pk__in=person.moderates) if person.is_staff else open_to)

    def announcements(self) -> "SectionQuerySet":
        """The list twin of Section.is_announcement."""
        return self.filter(start_by=Section.Audience.STAFF).exclude(reply_by=Section.Audience.STAFF)

    def held(self, *pks: int) -> "dict[int, Section]":
        """These sections, which nobody changes until we are done. Whoever puts a topic into one holds it first, in the
        order of locks: the key to it would else be checked at the end, under the topic's lock. It holds up nobody who
        does the same."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM forum_section WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [sorted(pks)]
            )
        return {section.pk: section for section in self.filter(pk__in=pks)}

    def in_order(self) -> "SectionQuerySet":
        return self.order_by("place", "pk")


class Section(models.Model):
    class Audience(models.TextChoices):
        EVERYONE = "everyone", "Everyone"
        MEMBERS = "members", "Members"
        GROUPS = "groups", "Members of chosen groups"
        STAFF = "staff", "Staff only"

    class HistoryAudience(models.TextChoices):
        """Of those who may read a post."""

        EVERYONE = "everyone", "Everyone who reads the post"
        MEMBERS = "members", "Members, and the author"
        STAFF = "staff", "Staff, and the author"

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True, allow_unicode=True)
    description = models.CharField(max_length=DESCRIPTION_MAX, blank=True)
    description_html = models.TextField(blank=True, editable=False)
    place = models.PositiveIntegerField(default=0)
    read_by = models.CharField(max_length=10, choices=Audience, default=Audience.EVERYONE)
    start_by = models.CharField(max_length=10, choices=Audience, default=Audience.MEMBERS)
    reply_by = models.CharField(max_length=10, choices=Audience, default=Audience.MEMBERS)
    history_by = models.CharField(
        max_length=10,
        choices=HistoryAudience,
        default=HistoryAudience.EVERYONE,
        db_default=HistoryAudience.EVERYONE,
    )
    # Replies that are only thanks stand folded on a page, and are no news.
    fold_thanks = models.BooleanField(default=True, db_default=True)
    # From which weight of reports on a post is it hidden until staff have looked at it? 0: never.
    reports_to_hold = models.PositiveSmallIntegerField(default=3, db_default=3)
    # The first posts of new members wait here until staff let them in.
    hold_first = models.BooleanField(default=False, db_default=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SectionQuerySet.as_manager()

    # What admins say of it: its words and rules, but for the groups.
    TERMS = (
        "name", "description", "read_by", "start_by", "reply_by", "history_by", "fold_thanks",
        "reports_to_hold", "hold_first",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(start_by="everyone") & ~Q(reply_by="everyone"), name="guests_only_read"
            ),
        ]

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def is_announcement(self) -> bool:
        """A section where only staff start topics, and members answer."""
        return self.start_by == self.Audience.STAFF and self.reply_by != self.Audience.STAFF

    @property
    def is_public(self) -> bool:
        return self.read_by == self.Audience.EVERYONE

    @cached_property
    def _granted(self) -> dict[str, frozenset[int]]:
        granted: dict[str, set[int]] = {act: set() for act in SectionGrant.Act.values}
        for grant in self.grants.all():
            granted[grant.act].add(grant.group_id)
        return {act: frozenset(ids) for act, ids in granted.items()}

    def grants_to(self, person: User, act: str) -> bool:
        """Does one of this person's groups stand in the section's list for this act?"""
        return not person.group_ids.isdisjoint(self._granted[act])

    def get_absolute_url(self) -> str:
        return reverse("forum:section", args=[self.slug])

    def __str__(self) -> str:
        """As the lists of forms show it."""
        return self.name


class SectionGrant(models.Model):
    """A group that may read, start topics or reply in a section that is open to chosen groups."""

    class Act(models.TextChoices):
        READ = "read", "read"
        START = "start", "start topics"
        REPLY = "reply", "reply"

    section = models.ForeignKey(Section, models.CASCADE, related_name="grants")
    group = models.ForeignKey(
        Group, models.PROTECT, related_name="grants"
    )  # a rule never changes by a group's end
    act = models.CharField(max_length=10, choices=Act)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["section", "act", "group"], name="one_grant_per_section_act_and_group"
            )
        ]
