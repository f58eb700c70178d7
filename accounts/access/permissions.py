"""Who may do what about somebody's account, a sentence each. Pure, as in forum/access/permissions.py."""

from accounts.models import Person, User, is_member


def outranks(person: Person, member: User) -> bool:
    """Moderators stand above members, admins above everybody else; nobody above themselves."""
    if not person.is_authenticated or person.pk == member.pk:
        return False
    return person.is_admin or (person.is_staff and member.role == User.Role.MEMBER)


def can_act_on_account(person: Person, member: User) -> bool:
    """What a member feels in every section is not for a moderator of some."""
    return outranks(person, member) and person.is_authenticated and not person.is_limited


def can_remove_picture(person: Person, member: User) -> bool:
    """One's own, and that of others as staff: it stands beside their posts in every section."""
    return (is_member(person) and person.pk == member.pk) or can_act_on_account(person, member)
