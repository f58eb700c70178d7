"""Creates, renames and deletes groups, and adds and removes members. Each action is logged."""

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _, gettext_lazy

from accounts.access.roles import NotAdminError, require_admin
from accounts.audit.log import log_action
from accounts.models import Group, User
from core.web.action_errors import ActionError


class GroupInUse(ActionError):
    """A section uses this group."""

    def __init__(self, group: Group) -> None:
        super().__init__(_("%(name)s can’t be deleted: a section uses it.") % {"name": group.name})


class GroupNameTaken(ActionError):
    status = 422
    explanation = gettext_lazy("Another group has this name.")
    field = "name"


def create_group(*, name: str, by: User) -> Group:
    try:
        with transaction.atomic():
            require_admin(by)
            group = Group.objects.create(name=name)
            log_action("make_group", by=by, target=group, name=name)
    except IntegrityError:
        raise GroupNameTaken from None
    return group


def rename_group(*, group: Group, name: str, by: User) -> bool:
    try:
        with transaction.atomic():
            require_admin(by)
            group = _lock_group(group)
            if group.name == name:
                return False
            old_name, group.name = group.name, name
            group.save(update_fields=["name"])
            before, after = {"name": old_name}, {"name": name}
            log_action("rename_group", by=by, target=group, name=name, before=before, after=after)
    except IntegrityError:
        raise GroupNameTaken from None
    return True


def delete_group(*, group: Group, by: User) -> None:
    try:
        with transaction.atomic():
            require_admin(by)
            group = _lock_group(group)
            log_action("delete_group", by=by, target=group, name=group.name)
            group.delete()
    except (ProtectedError, IntegrityError):
        # IntegrityError: a section started to use the group in between.
        raise GroupInUse(group) from None


@transaction.atomic
def add_to_group(*, group: Group, member: User, by: User) -> bool:
    """Adds a member; returns False if they were in the group already."""
    group = _lock_group(group)
    by, member = _lock_admin_and_member(by, member)
    if group.members.filter(pk=member.pk).exists():
        return False
    group.members.add(member)
    log_action(
        "add_to_group",
        by=by,
        target=group,
        name=f"{member.name} → {group.name}",
        member_id=member.pk,
        before={"in_group": False},
        after={"in_group": True},
    )
    return True


@transaction.atomic
def remove_from_group(*, group: Group, member: User, by: User) -> bool:
    """Removes a member; returns False if they were not in the group."""
    group = _lock_group(group)
    by, member = _lock_admin_and_member(by, member)
    if not group.members.filter(pk=member.pk).exists():
        return False
    group.members.remove(member)
    log_action(
        "take_from_group",
        by=by,
        target=group,
        name=f"{member.name} ← {group.name}",
        member_id=member.pk,
        before={"in_group": True},
        after={"in_group": False},
    )
    return True


def _lock_admin_and_member(by: User, member: User) -> tuple[User, User]:
    """Locks both, so that requests of the member either finish first or see the change."""
    by, member = User.objects.locked_both(by, member)
    if not by.is_admin:
        raise NotAdminError
    return by, member


def _lock_group(group: Group) -> Group:
    """Raises Http404 if another admin has deleted the group."""
    return get_object_or_404(Group.objects.select_for_update(), pk=group.pk)
