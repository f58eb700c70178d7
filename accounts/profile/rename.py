"""Change one's name: at most once in 90 days. The old one leads to them and stays reserved."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access.suspension import require_voice
from accounts.models import Epoch, FormerName, User
from accounts.profile import taken_names as naming
from core.text.name_keys import name_key

PAUSE = timedelta(days=90)


class TooSoon(Exception):
    def __init__(self, again_at: datetime) -> None:
        super().__init__(f"not before {again_at}")
        self.again_at = again_at


def may_rename_at(member: User) -> datetime | None:
    """When this person may change their name next; None: now."""
    if member.name_changed_at is None or member.name_changed_at + PAUSE <= timezone.now():
        return None
    return member.name_changed_at + PAUSE


def rename(*, by: User, name: str) -> bool:
    """Give `by` a checked new name; False if it is theirs already. Raises NameTaken or TooSoon."""
    try:
        with transaction.atomic():
            return _rename(User.objects.select_for_update().get(pk=by.pk), name)
    except IntegrityError:  # somebody took it while we looked
        raise naming.NameTaken(name) from None


def _rename(member: User, name: str) -> bool:
    require_voice(member)
    if member.name == name:
        return False
    if again_at := may_rename_at(member):
        raise TooSoon(again_at)
    if naming.is_taken(name_key(name), but_by=member):
        raise naming.NameTaken(name)
    old_name, old_key = member.name, member.name_key
    member.take_name(name)
    member.name_changed_at = timezone.now()
    member.save(update_fields=["name", "name_key", "name_plain", "sort_key", "name_changed_at"])
    member.former_names.filter(name_key=member.name_key).delete()  # they came back to it
    if old_key != member.name_key:
        FormerName.objects.create(user=member, name=old_name, name_key=old_key)
    Epoch.objects.grow()  # pages of anywhere show it
    return True
