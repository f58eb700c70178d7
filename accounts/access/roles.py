"""Changes roles. There is always at least one admin."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _, gettext_lazy

from accounts.access.actor import reload_and_lock
from accounts.audit.log import log_action
from accounts.models import SiteVersion, User
from core.web.action_errors import ActionError


class LastAdminError(ActionError):
    """The change would leave no admin."""

    field = "role"

    def __init__(self, member: User) -> None:
        message = _("At least one admin is required. Make someone else an admin before changing %(name)s.")
        super().__init__(message % {"name": member.name})


class NotAdminError(ActionError):
    """The acting person is not an admin anymore."""

    status = 403
    title = gettext_lazy("You’re no longer an admin")
    explanation = gettext_lazy("Another admin changed your role.")


def require_admin(by: User) -> None:
    """Reads the person again and raises NotAdminError if they are no admin. Call it in the action's transaction."""
    reload_and_lock(by)
    if not by.is_admin:
        raise NotAdminError


@transaction.atomic
def change_role(*, member: User, role: User.Role, by: User, reason: str = "") -> bool:
    """Gives `member` a role; returns False if they have it already. Sessions stay valid, since a role is always read
    from the row. A new moderator moderates all sections; forum/sections/moderators.py limits them to some."""
    member, admins = lock_member_and_admins(member, by=by)
    if member.role == role:
        return False
    if admins == {member.pk}:
        raise LastAdminError(member)
    before, member.role, member.moderates = member.role, role, None
    member.save(update_fields=["role", "moderates"])
    SiteVersion.objects.grow()  # posts show the role beside the name
    log_action(
        f"make_{User.Role(role).value}",
        by=by,
        target=member,
        name=member.name,
        reason=reason,
        before={"role": before},
        after={"role": role},
    )
    return True


def lock_member_and_admins(member: User, *, by: User) -> tuple[User, set[int]]:
    """Returns the member, read again, and the ids of the active admins. All admins are locked in the same order, so
    that two admins who demote each other do so one after the other."""
    rows = User.objects.select_for_update(no_key=True).filter(Q(role=User.Role.ADMIN) | Q(pk=member.pk))
    people = {person.pk: person for person in rows.order_by("pk")}
    admins = {pk for pk, person in people.items() if person.is_admin}
    if by.pk not in admins:
        raise NotAdminError
    return people[member.pk], admins
