"""Make a member a moderator of some sections, or of all. In other sections they stay an ordinary member."""

from collections.abc import Iterable

from django.db import transaction

from accounts.access.roles import lock_member_and_admins
from accounts.audit.log import log_action
from accounts.models import SiteVersion, User
from forum.access.require import require
from forum.models import Section


@transaction.atomic
def appoint_moderator(*, member: User, by: User, sections: Iterable[Section] = (), reason: str = "") -> bool:
    """Makes the member a moderator of these sections, or of all if none are given. Returns False if they already are.
    Admins must be demoted first."""
    member, _ = lock_member_and_admins(member, by=by)
    require(member.role != User.Role.ADMIN)
    chosen = {section.pk: section.name for section in sections}
    before = {"role": str(member.role), "moderates": member.moderates}
    after = {"role": User.Role.MODERATOR.value, "moderates": sorted(chosen) or None}
    if before == after:
        return False
    User.objects.filter(pk=member.pk).update(**after)
    SiteVersion.objects.grow()  # posts show the role beside the name
    section_names = ", ".join(sorted(chosen.values())) or "all sections"
    log_action(
        "appoint_moderator",
        by=by,
        target=member,
        name=f"{member.name} → {section_names}",
        reason=reason,
        before=before,
        after=after,
    )
    return True
