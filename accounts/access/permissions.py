"""Permissions about accounts. Functions without queries, as in forum/access/permissions.py."""

from accounts.models import Person, User, is_member


def outranks(person: Person, member: User) -> bool:
    """Moderators outrank members; admins outrank everyone else. Nobody outranks themselves."""
    if not person.is_authenticated or person.pk == member.pk:
        return False
    return person.is_admin or (person.is_staff and member.role == User.Role.MEMBER)


def can_act_on_account(person: Person, member: User) -> bool:
    """Moderators limited to some sections may not act on accounts: that has effects in all sections."""
    return outranks(person, member) and person.is_authenticated and not person.is_limited


def can_remove_picture(person: Person, member: User) -> bool:
    """Members may remove their own picture, and staff those of others."""
    return (is_member(person) and person.pk == member.pk) or can_act_on_account(person, member)
