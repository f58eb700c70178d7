"""Add a note about a member, which only staff can read."""

from uuid import UUID

from django.db import transaction

from accounts.access.actor import reload_and_lock
from accounts.audit.log import log_action
from accounts.models import User
from forum.access.require import require
from moderation.access import permissions
from moderation.models import StaffNote


@transaction.atomic
def note_member(*, member: User, by: User, text: str, submission_key: UUID) -> StaffNote:
    """Adds a note. Returns the earlier note if this submission was sent before. The audit log does not contain its
    text."""
    reload_and_lock(by)
    require(permissions.can_read_notes(by, member))
    note, is_new = StaffNote.objects.get_or_create(
        by=by, submission_key=submission_key, defaults={"member": member, "text": text}
    )
    if is_new:
        log_action("note_member", by=by, target=member, name=member.name, after={"note": note.pk})
    return note
