"""Changes and removes profile pictures. Members without one are shown with their initial."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from secrets import token_hex

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from accounts.access.actor import reload_and_lock
from accounts.access.permissions import can_remove_picture
from accounts.access.suspension import require_not_silenced
from accounts.audit.log import log_action
from accounts.models import SiteVersion, User
from accounts.rate_limiting import rate_counter
from core.storage import files
from core.storage.images import CroppedSquare, InvalidImage, TooManyImages, resize_image
from core.web.action_errors import ActionError

# Pixels: the avatar beside a post and the one on a profile, and both for high-resolution screens.
SIZES = (48, 96, 192)
MAX_BYTES = 10_000_000
BATCH_SIZE = 500
# Each change invalidates every page that shows the picture. Rejected files count too, since they cost work.
DAILY_LIMIT = rate_counter.Limit("picture", 10, 86_400)


class PictureRejected(ActionError):
    """The picture was not changed."""

    status = 422
    field = "picture"


class PictureTooLarge(PictureRejected):
    """The file has more than MAX_BYTES bytes."""

    status = 413

    def __init__(self) -> None:
        too_large = _("Choose a picture of at most %(megabytes)d MB.")
        super().__init__(too_large % {"megabytes": MAX_BYTES // 1_000_000})


class PictureChangedTooOften(PictureRejected):
    status = 429

    def __init__(self, retry_after: int) -> None:
        too_often = _("You’ve changed your picture %(count)d times today. Try again tomorrow.")
        super().__init__(too_often % {"count": DAILY_LIMIT.most})
        self.retry_after = retry_after


class DiskFull(PictureRejected):
    status = 507
    explanation = gettext_lazy("The server’s disk is full, so pictures can’t be saved right now.")


class TooBusy(PictureRejected):
    status, retry_after = 503, 5
    explanation = gettext_lazy("Pictures can’t be saved right now. Try again in a moment.")


@contextmanager
def _as_picture_errors() -> Iterator[None]:
    try:
        yield
    except InvalidImage as error:
        raise PictureRejected(str(error)) from error
    except rate_counter.RateLimitExceeded as error:
        raise PictureChangedTooOften(error.retry_after) from error
    except files.StorageFull as error:
        raise DiskFull from error
    except (TooManyImages, files.StorageUnavailable) as error:
        raise TooBusy from error


@_as_picture_errors()
def change_picture(*, by: User, upload: UploadedFile) -> None:
    """Sets the picture of `by`, cropped to a square. Raises PictureRejected."""
    require_not_silenced(by)
    if upload.size is None or upload.size > MAX_BYTES:
        raise PictureTooLarge
    rate_counter.require_below_limit(DAILY_LIMIT, by=by)
    try:
        images = resize_image(upload.read(), *(CroppedSquare(side) for side in SIZES), sender=by.pk)
    except InvalidImage:
        rate_counter.count_action(DAILY_LIMIT, by=by)
        raise
    key = token_hex(16)
    contents = dict(
        zip((file_name(key, side) for side in SIZES), (image.content for image in images), strict=True)
    )
    with files.stored_files(contents), transaction.atomic():
        reload_and_lock(by, writes=True)
        require_not_silenced(by)
        old_key = _set_picture(by, key)
        rate_counter.count_action(DAILY_LIMIT, by=by)
    by.picture = key
    _delete_files(old_key)


def remove_picture(*, member: User, by: User, reason: str = "") -> bool:
    """Removes a member's picture; logged if staff do it. Returns False if there is none."""
    with transaction.atomic():
        person, concerned = User.objects.locked_both(by, member)
        if not can_remove_picture(person, concerned):
            raise PermissionDenied
        old_key = _set_picture(member, "")
        if old_key and by.pk != member.pk:
            log_action("remove_picture", by=by, target=member, name=member.name, reason=reason)
    member.picture = ""
    _delete_files(old_key)
    return bool(old_key)


def file_name(key: str, side: int) -> str:
    return f"people/{key[:2]}/{key}.{side}"


def _set_picture(member: User, key: str) -> str:
    """Sets the key of the picture; returns the previous one."""
    old_key = User.objects.select_for_update(no_key=True).only("picture").get(pk=member.pk).picture
    if old_key != key:
        User.objects.filter(pk=member.pk).update(picture=key, version=F("version") + 1)
        SiteVersion.objects.grow()  # many pages show it
    return old_key


def _delete_files(key: str) -> None:
    """Deletes the files after the commit. `delete_unused` deletes what a crash leaves behind."""
    if key:
        transaction.on_commit(lambda: files.delete_files(*(file_name(key, side) for side in SIZES)))


def delete_unused() -> int:
    """Deletes files that belong to no member; returns their number."""
    cutoff = timezone.now() - timedelta(days=1)
    old_names = files.old_files("people", before=cutoff)
    deleted = 0
    while names := list(islice(old_names, BATCH_SIZE)):
        keys = {name: name.rpartition("/")[2].partition(".")[0] for name in names}
        known = set(User.objects.filter(picture__in=keys.values()).values_list("picture", flat=True))
        unused = [name for name, key in keys.items() if not key or key not in known]
        files.delete_files(*unused)
        deleted += len(unused)
    return deleted
