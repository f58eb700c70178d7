"""Changes a username, at most once every 90 days. Links to the old name keep working, and it stays reserved."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.access.suspension import require_not_silenced
from accounts.models import FormerName, SiteVersion, User
from accounts.profile.taken_names import NameTaken, is_taken
from core.text.name_keys import name_key
from core.web.action_errors import ActionError

RENAME_INTERVAL = timedelta(days=90)


class TooSoon(ActionError):
    status = 422
    explanation = gettext_lazy("You can change your username once every 90 days.")


def next_rename_at(member: User) -> datetime | None:
    """Returns when the member can change their name again, or None if they can now."""
    if member.name_changed_at is None or member.name_changed_at + RENAME_INTERVAL <= timezone.now():
        return None
    return member.name_changed_at + RENAME_INTERVAL


def rename(*, by: User, name: str) -> bool:
    """Gives `by` a new name, already checked; returns False if they have it. Raises NameTaken or TooSoon."""
    try:
        with transaction.atomic():
            return _rename(User.objects.select_for_update().get(pk=by.pk), name)
    except IntegrityError:  # taken in between
        raise NameTaken from None


def _rename(member: User, name: str) -> bool:
    require_not_silenced(member)
    if member.name == name:
        return False
    if next_rename_at(member):
        raise TooSoon
    if is_taken(name_key(name), except_for=member):
        raise NameTaken
    old_name, old_key = member.name, member.name_key
    member.set_name(name)
    member.name_changed_at = timezone.now()
    member.save(update_fields=["name", "name_key", "name_plain", "sort_key", "name_changed_at"])
    member.former_names.filter(name_key=member.name_key).delete()  # it is the current name again
    if old_key != member.name_key:
        FormerName.objects.create(user=member, name=old_name, name_key=old_key)
    SiteVersion.objects.grow()  # many pages show it
    return True
