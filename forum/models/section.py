"""A section of the forum, with its own rules on who may read, start topics and reply."""

from functools import cached_property

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Group, Person, User, is_member
from forum.models.maximum_lengths import DESCRIPTION_MAX


class SectionQuerySet(models.QuerySet["Section"]):
    def visible_to(self, person: Person) -> "SectionQuerySet":
        """The queryset version of permissions.can_read."""
        if not is_member(person):
            return self.filter(read_by=Section.Audience.EVERYONE)
        if person.is_staff and not person.is_limited:
            return self
        granted = SectionGrant.objects.filter(
            section=OuterRef("pk"), act=SectionGrant.Act.READ, group__members=person.pk
        )
        condition = Q(read_by__in=[Section.Audience.EVERYONE, Section.Audience.MEMBERS]) | Q(
            Exists(granted), read_by=Section.Audience.GROUPS
        )
        return self.filter(condition | Q(pk__in=person.moderates) if person.is_staff else condition)

    def announcements(self) -> "SectionQuerySet":
        """The queryset version of Section.is_announcement."""
        return self.filter(start_by=Section.Audience.STAFF).exclude(reply_by=Section.Audience.STAFF)

    def held(self, *pks: int) -> "dict[int, Section]":
        """Locks and returns these sections. Code that puts a topic into a section locks the section first: otherwise
        the foreign key would be checked under the topic's lock, out of order. Such locks do not block each other."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM forum_section WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [sorted(pks)]
            )
        return {section.pk: section for section in self.filter(pk__in=pks)}

    def in_order(self) -> "SectionQuerySet":
        return self.order_by("place", "pk")


class Section(models.Model):
    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("Everyone")
        MEMBERS = "members", _("Members")
        GROUPS = "groups", _("Members of selected groups")
        STAFF = "staff", _("Staff only")

    class HistoryAudience(models.TextChoices):
        """Who may read the history, of those who may read the post."""

        EVERYONE = "everyone", _("Everyone who can read the post")
        MEMBERS = "members", _("Members and the author")
        STAFF = "staff", _("Staff and the author")

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
    # ISO 639-1, or empty: the language of most texts here, in which search looks for other forms of a word.
    language = models.CharField(max_length=10, default="en", db_default="en", blank=True)
    # Replies that are only thanks are collapsed, and do not count as unread.
    fold_thanks = models.BooleanField(default=True, db_default=True)
    # The weight of reports that hides a post until staff review it; 0: never.
    auto_hide_threshold = models.PositiveSmallIntegerField(default=3, db_default=3)
    # First posts of new members need approval here.
    hold_first = models.BooleanField(default=False, db_default=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SectionQuerySet.as_manager()

    # The settings that admins edit, except the groups.
    TERMS = (
        "name", "description", "language", "read_by", "start_by", "reply_by", "history_by", "fold_thanks",
        "auto_hide_threshold", "hold_first",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(start_by="everyone") & ~Q(reply_by="everyone"), name="guests_only_read"
            ),
        ]

    def readers_condition(self) -> Q:
        """Returns the condition on members that permissions.can_read is for one of them."""
        if self.read_by == self.Audience.EVERYONE:
            return Q()
        members = Q(suspended_until=None) | Q(suspended_until__lte=Now())
        if self.read_by == self.Audience.MEMBERS:
            return members
        staff = ~Q(role=User.Role.MEMBER) & (Q(moderates=None) | Q(moderates__contains=[self.pk]))
        if self.read_by == self.Audience.STAFF:
            return members & staff
        granted = SectionGrant.objects.filter(
            section=self, act=SectionGrant.Act.READ, group__members=OuterRef("pk")
        )
        return members & (staff | Q(Exists(granted)))

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def is_announcement(self) -> bool:
        """Whether only staff start topics here, and members can reply."""
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
        """Whether the section allows this action to one of the person's groups."""
        return not person.group_ids.isdisjoint(self._granted[act])

    def get_absolute_url(self) -> str:
        return reverse("forum:section", args=[self.slug])

    def __str__(self) -> str:
        """The name, as forms list it."""
        return self.name


class SectionGrant(models.Model):
    """A group that may read, start topics or reply in a section for selected groups."""

    class Act(models.TextChoices):
        READ = "read", _("read")
        START = "start", _("start topics")
        REPLY = "reply", _("reply")

    section = models.ForeignKey(Section, models.CASCADE, related_name="grants")
    # Protected, so that deleting a group never changes who may do something.
    group = models.ForeignKey(Group, models.PROTECT, related_name="grants")
    act = models.CharField(max_length=10, choices=Act)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["section", "act", "group"], name="one_grant_per_section_act_and_group"
            )
        ]
