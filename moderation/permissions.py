"""Who may see and settle a case, and who may do what about a member. The list rule, Case.objects.visible_to, stands
beside its model."""

from accounts.models import Person, Sanction, User
from forum.permissions import is_staff_in
from moderation.models import Case


def can_see_case(person: Person, case: Case) -> bool:
    """Staff of its section, but never a case about their own post: an author does not learn who reported."""
    return is_staff_in(person, case.post.topic.section) and case.post.author_id != person.pk


def can_settle(person: Person, case: Case) -> bool:
    return can_see_case(person, case)


def outranks(person: Person, member: User) -> bool:
    """Moderators stand above members, admins above everybody else; nobody above themselves."""
    if not person.is_authenticated or person.pk == member.pk:
        return False
    return person.is_admin or (person.is_staff and member.role == User.Role.MEMBER)


def can_warn(person: Person, member: User) -> bool:
    """A moderator of some sections too: a warning takes nothing from anybody."""
    return outranks(person, member)


def can_act_on_account(person: Person, member: User) -> bool:
    """What a member feels in every section is not for a moderator of some."""
    return outranks(person, member) and person.is_authenticated and not person.is_limited


def can_sanction(person: Person, member: User, kind: str) -> bool:
    return can_warn(person, member) if kind == Sanction.Kind.WARNING else can_act_on_account(person, member)


def can_lift(person: Person, sanction: Sanction) -> bool:
    """Whoever could have imposed it; what an admin imposed, an admin lifts."""
    if sanction.by.role == User.Role.ADMIN and not (person.is_authenticated and person.is_admin):
        return False
    return can_sanction(person, sanction.member, sanction.kind)
