"""Changes and removes profile pictures. Members without one are shown with their initial."""

from datetime import timedelta
from itertools import islice
from secrets import token_hex

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.access import actor as acting
from accounts.access.permissions import can_remove_picture
from accounts.access.suspension import require_voice
from accounts.audit.log import record
from accounts.models import Epoch, User
from accounts.rate_limiting import limits as rates
from core.storage import files
from core.storage.images import NoPicture, Square, remake

# Pixels: the avatar beside a post and the one on a profile, and both for high-resolution screens.
SIDES = (48, 96, 192)
BYTES_MOST = 10_000_000
BATCH = 500
# Each change invalidates every page that shows the picture. Rejected files count too, since they cost work.
A_DAY = rates.Limit("picture", 10, 86_400)


class TooLarge(Exception):
    """The file has more than BYTES_MOST bytes."""


def change_picture(*, by: User, upload: UploadedFile) -> None:
    """Sets the picture of `by`, cropped to a square. Raises TooLarge, NoPicture, Busy, files.NotKept or
    rates.TooFast."""
    require_voice(by)
    if upload.size is None or upload.size > BYTES_MOST:
        raise TooLarge
    rates.require_room(A_DAY, by=by)
    try:
        made = remake(upload.read(), *(Square(side) for side in SIDES), sender=by.pk)
    except NoPicture:
        rates.spend(A_DAY, by=by)
        raise
    key = token_hex(16)
    kept = dict(zip((file_name(key, side) for side in SIDES), (one.content for one in made), strict=True))
    with files.put(kept), transaction.atomic():
        acting.hold(by, writes=True)
        require_voice(by)
        before = _set(by, key)
        rates.spend(A_DAY, by=by)
    by.picture = key
    _throw_away(before)


def remove_picture(*, member: User, by: User, why: str = "") -> bool:
    """Removes a member's picture; logged if staff do it. Returns False if there is none."""
    with transaction.atomic():
        person, concerned = User.objects.locked_both(by, member)
        if not can_remove_picture(person, concerned):
            raise PermissionDenied
        before = _set(member, "")
        if before and by.pk != member.pk:
            record("remove_picture", by=by, target=member, name=member.name, why=why)
    member.picture = ""
    _throw_away(before)
    return bool(before)


def file_name(key: str, side: int) -> str:
    return f"people/{key[:2]}/{key}.{side}"


def _set(member: User, key: str) -> str:
    """Sets the key of the picture; returns the previous one."""
    before = User.objects.select_for_update(no_key=True).only("picture").get(pk=member.pk).picture
    if before != key:
        User.objects.filter(pk=member.pk).update(picture=key, version=F("version") + 1)
        Epoch.objects.grow()  # many pages show it
    return before


def _throw_away(key: str) -> None:
    """Deletes the files after the commit. `sweep` deletes what a crash leaves behind."""
    if key:
        transaction.on_commit(lambda: files.remove(*(file_name(key, side) for side in SIDES)))


def sweep() -> int:
    """Deletes files that belong to no member; returns their number."""
    before = timezone.now() - timedelta(days=1)
    found = files.names_below("people", before=before)
    swept = 0
    while names := list(islice(found, BATCH)):
        keys = {name: name.rpartition("/")[2].partition(".")[0] for name in names}
        known = set(User.objects.filter(picture__in=keys.values()).values_list("picture", flat=True))
        gone = [name for name, key in keys.items() if not key or key not in known]
        files.remove(*gone)
        swept += len(gone)
    return swept
