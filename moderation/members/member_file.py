"""Members as staff see them: the list, and the moderation history of one member."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import FormerName, LogEntry, Sanction, User
from core.text.name_keys import name_key
from core.web.request_values import is_number
from forum.models import Post
from moderation.access import permissions
from moderation.members import remove_all_posts_worker
from moderation.models import Case, StaffNote

NEW_PERIOD = timedelta(days=14)
MAX_COUNT = 1_000
MAX_SHOWN = 10

FILTERS = {
    "": _("All members"),
    "sanctioned": _("Silenced or suspended"),
    "warned": _("Warned"),
    "new": _("New"),
    "staff": _("Staff"),
}


def search(query: str, kind: str) -> QuerySet[User]:
    """Returns the members whose name begins with `query`, of a kind in FILTERS. Email addresses are not searched:
    looking them up is a logged action."""
    members = User.objects.all()
    if query:
        members = members.filter(name_key__startswith=name_key(query))
    now = timezone.now()
    if kind == "sanctioned":
        # In this form the query uses the index of members with such a date.
        return members.filter(Q(silenced_until__gt=now) | Q(suspended_until__gt=now))
    if kind == "warned":
        warned = Sanction.objects.active(now).filter(kind=Sanction.Kind.WARNING)
        return members.filter(pk__in=warned.values("member"))
    if kind == "new":
        return members.filter(joined_at__gt=now - NEW_PERIOD)
    if kind == "staff":
        return members.exclude(role=User.Role.MEMBER)
    return members


def find_member(name: str) -> User | None:
    """Returns the member with this name, former name or id."""
    key = name_key(name)
    member = User.objects.filter(name_key=key).first()
    if member is None and (
        former_name := FormerName.objects.select_related("user").filter(name_key=key).first()
    ):
        return former_name.user
    if member is None and is_number(name, digits=18):
        return User.objects.filter(pk=int(name)).first()
    return member


@dataclass(frozen=True)
class Count:
    """A count up to MAX_COUNT, shown as "1,000+" beyond."""

    number: int

    def __str__(self) -> str:
        return f"{MAX_COUNT:,}+" if self.number > MAX_COUNT else f"{self.number:,}"


@dataclass(frozen=True)
class MemberFile:
    member: User
    may_read: bool  # whether the reader can see sanctions and notes: only of members below their own rank
    acts: frozenset[str]
    sanctions: list[tuple[Sanction, bool]] = field(default_factory=list)  # and whether the reader can lift it
    notes: list[StaffNote] = field(default_factory=list)
    cases: Count = Count(0)
    open_cases: Count = Count(0)
    violations: Count = Count(0)
    visible: Count = Count(0)
    removed: Count = Count(0)
    removed_posts: list[Post] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    running_removal: LogEntry | None = None  # the action that is removing or restoring all their posts now

    @property
    def newest(self) -> int:
        """The newest sanction that the reader has seen."""
        return max((sanction.pk for sanction, _ in self.sanctions), default=0)


def member_file(member: User, person: User) -> MemberFile:
    """Returns the file of a member, in a fixed number of queries."""
    if not permissions.can_read_notes(person, member):
        return MemberFile(member, may_read=False, acts=frozenset(), posts=_posts_of(member, person))
    cases = Case.objects.visible_to(person).filter(post__author=member)
    posts = Post.objects.visible_to(person).by(member)
    removed = posts.filter(removal__isnull=False).exclude(removal__removed_by=member)
    sanctions = Sanction.objects.filter(member=member).select_related("by", "rule", "lifted_by")
    sanction_lines = [
        (sanction, _can_lift(person, sanction, member)) for sanction in sanctions.order_by("-pk")
    ]
    return MemberFile(
        member=member,
        may_read=True,
        acts=actions_on(member, person),
        sanctions=sanction_lines,
        notes=list(StaffNote.objects.filter(member=member).select_related("by").order_by("-pk")),
        cases=_count(cases),
        open_cases=_count(cases.open()),
        violations=_count(cases.breaches()),
        visible=_count(posts.not_removed()),
        removed=_count(removed),
        removed_posts=list(
            removed.select_related("topic", "removal__removed_by").order_by("-pk")[:MAX_SHOWN]
        ),
        posts=_posts_of(member, person),
        running_removal=_running_removal(member),
    )


def actions_on(member: User, person: User) -> frozenset[str]:
    may_act_on_account = permissions.can_act_on_account(person, member)
    is_permitted = {
        "warn": permissions.can_warn(person, member),
        "silence": may_act_on_account and not member.is_silenced,
        "suspend": may_act_on_account and not member.is_suspended,
        "note": permissions.can_read_notes(person, member),
        "remove-everything": may_act_on_account,
        "look-up": may_act_on_account,
    }
    return frozenset(act for act, permitted in is_permitted.items() if permitted)


def _can_lift(person: User, sanction: Sanction, member: User) -> bool:
    sanction.member = member
    return sanction.is_active and permissions.can_lift(person, sanction)


def _posts_of(member: User, person: User) -> list[Post]:
    posts = Post.objects.visible_to(person).by(member).not_removed()
    return list(posts.select_related("topic").defer("body", "html").order_by("-pk")[:MAX_SHOWN])


def _count(rows: QuerySet) -> Count:
    return Count(rows.order_by("-pk")[: MAX_COUNT + 1].count())


def _running_removal(member: User) -> LogEntry | None:
    entries = LogEntry.objects.filter(act__in=["remove_everything", "restore_everything"], member=member)
    latest = entries.select_related("by").order_by("-at", "-pk").first()
    return latest if latest and remove_all_posts_worker.is_running(latest) else None
