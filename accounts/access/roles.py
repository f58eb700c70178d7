"""Give and take roles. There is always an admin."""

from django.db import transaction
from django.db.models import Q

from accounts.access import actor as acting
from accounts.audit.log import record
from accounts.models import Epoch, User


class LastAdmin(Exception):
    """Somebody has to keep the keys."""


class NotAnAdmin(Exception):
    """Whoever does this was an admin when the page was opened and is one no more."""


def require_admin(by: User) -> None:
    """As they are now; call it in the act's transaction."""
    acting.hold(by)
    if not by.is_admin:
        raise NotAnAdmin


@transaction.atomic
def change_role(*, member: User, role: User.Role, by: User, why: str = "") -> bool:
    """Give `member` a role; False if they have it already. Sessions stay: a role is read from the row always. A
    moderator made so is one of all sections; forum/sections/moderators.py makes those of some."""
    member, admins = locked_with_admins(member, by=by)
    if member.role == role:
        return False
    if admins == {member.pk}:
        raise LastAdmin
    before, member.role, member.moderates = member.role, role, None
    member.save(update_fields=["role", "moderates"])
    Epoch.objects.grow()  # posts show it beside the name
    record(
        f"make_{User.Role(role).value}",
        by=by,
        target=member,
        name=member.name,
        why=why,
        facts={"before": {"role": before}, "after": {"role": role}},
    )
    return True


def locked_with_admins(member: User, *, by: User) -> tuple[User, set[int]]:
    """The member as they are, and the ids of the admins who can act as such. All admins are locked, in one order, so
    that two who demote each other do so one after the other; whoever waited sees the roles as they are then."""
    concerned = User.objects.select_for_update(no_key=True).filter(Q(role=User.Role.ADMIN) | Q(pk=member.pk))
    people = {person.pk: person for person in concerned.order_by("pk")}
    admins = {pk for pk, person in people.items() if person.is_admin}
    if by.pk not in admins:
        raise NotAnAdmin
    return people[member.pk], admins
