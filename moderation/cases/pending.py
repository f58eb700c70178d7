"""Which cases are pending for a member of staff. The default list of the moderation queue and the count in the header
both use this, so that they cannot differ."""

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, Func, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Now

from accounts.models import Person, Sanction, User
from moderation.models import Case
from moderation.models.case import CaseQuerySet

ADMIN, MEMBER = User.Role.ADMIN, User.Role.MEMBER
# The queryset counterpart of permissions.can_lift: what no moderator can lift, and what a section moderator cannot.
NEEDS_ADMIN = Q(by__role=ADMIN) | ~Q(member__role=MEMBER)
NEEDS_ALL_SECTIONS = ~Q(kind=Sanction.Kind.WARNING)


def is_pending_for(person: Person) -> Q:
    """Open cases, and appeals that this person can decide: two short scans, each along an index of its own."""
    return Q(pk__in=open_cases_for(person).values("pk").union(appeals_for(person).values("pk"), all=True))


def open_cases_for(person: Person) -> CaseQuerySet:
    return Case.objects.visible_to(person).open()


def appeals_for(person: Person) -> CaseQuerySet:
    """Cases with undecided appeals that this person can decide: the queryset counterpart of
    appeal.is_allowed_to_decide."""
    appeals = Case.objects.visible_to(person).appealed()
    if not person.is_authenticated:
        return appeals
    appeals = appeals.alias(imposed=Cast(KT("done__sanction"), BigIntegerField()))
    imposed = Sanction.objects.active(Now()).filter(pk=OuterRef("imposed"))
    if not person.is_admin:
        not_permitted = NEEDS_ADMIN | NEEDS_ALL_SECTIONS if person.is_limited else NEEDS_ADMIN
        appeals = appeals.exclude(Exists(imposed.filter(not_permitted)))
    return appeals.filter(~Q(resolved_by=person) | ~Exists(_others_who_can_undo(person)))


def _others_who_can_undo(person: User) -> QuerySet[User]:
    """Subquery in a query for cases: other staff who can see the case and undo its outcome."""
    imposed = Sanction.objects.active(Now()).filter(pk=OuterRef(OuterRef("imposed")))
    could_lift = Q(role=ADMIN) | (
        ~Exists(imposed.filter(NEEDS_ADMIN))
        & (Q(moderates=None) | ~Exists(imposed.filter(NEEDS_ALL_SECTIONS)))
    )
    section = Func(
        OuterRef("post__topic__section"),
        template="ARRAY[%(expressions)s]",
        output_field=ArrayField(BigIntegerField()),
    )
    return User.objects.filter(
        Q(moderates=None) | Q(moderates__contains=section),
        Q(suspended_until=None) | Q(suspended_until__lte=Now()),
        ~Q(role=MEMBER),
        ~Q(pk=person.pk),
        ~Q(pk=OuterRef("author")),
        could_lift,
    )
