"""Locks of cases, as forum/access/locks.py has those of topics and posts."""

from accounts.access.actor import reload_and_lock
from accounts.models import User
from forum.access.require import require
from moderation.access.permissions import can_resolve
from moderation.models import Case


def lock_case_for_staff(pk: int, *, by: User) -> Case:
    """Locks the case and `by`, and returns the case as it is now. Raises NotAllowed if `by` cannot resolve it."""
    case = Case.objects.locked(pk)
    reload_and_lock(by)
    require(can_resolve(by, case))
    return case
