"""Uploads an image or file. Only its owner can see it until a post uses it (forum/attachments/links.py)."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex
from uuid import UUID, uuid5

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _, ngettext

from accounts.access.actor import reload_and_lock
from accounts.models import User
from accounts.rate_limiting import rate_counter
from core.storage import files
from core.storage.images import (
    FitInside,
    InvalidImage,
    ResizedImage,
    TooManyImages,
    read_header,
    resize_image,
)
from forum.access import permissions
from forum.access.errors import ActionError
from forum.access.require import require
from forum.attachments.file_types import IMAGE_EXTENSIONS, TypeNotAllowed, clean_name, extension_of, type_of
from forum.models import Attachment
from forum.models.attachment import NARROW, WIDE, file_name

MAX_HEIGHT_RATIO = 6  # times the width: a long screenshot stays readable
KILOBYTE = 1_000

DAILY_LIMIT = rate_counter.Limit("attach", 100, 86_400)


class NotAttached(ActionError):
    """Nothing was stored; the message is for people."""

    status = 422


class TooLarge(NotAttached):
    status = 413


class DailyLimitReached(NotAttached):
    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TemporarilyUnavailable(NotAttached):
    status = 503
    retry_after = 5


class TooBusy(TemporarilyUnavailable):
    def __init__(self) -> None:
        super().__init__(_("Too many images are being uploaded right now. Try again in a moment."))


class DiskFull(TemporarilyUnavailable):
    status = 507


def attach(*, by: User, upload: UploadedFile, alt: str = "", submission_key: UUID) -> Attachment:
    """Stores an image, re-encoded, or a file. The same file with the same key returns the existing attachment. Raises
    NotAttached."""
    require(permissions.is_member(by))
    content = _content_of(upload)
    sha256 = hashlib.sha256(content).hexdigest()
    attachment_key = uuid5(submission_key, sha256)
    if existing := _existing(by, attachment_key):
        return existing
    with _daily_limit_messages():
        rate_counter.require_below_limit(DAILY_LIMIT, by=by)
    attachment = Attachment(
        owner=by,
        key=token_hex(16),
        name=clean_name(upload.name or ""),
        alt=alt,
        sha256=sha256,
        submission_key=attachment_key,
    )
    try:
        with files.stored_files(_process(attachment, content)), transaction.atomic():
            reload_and_lock(by)  # again, since re-encoding takes a while
            require(permissions.is_member(by))
            attachment.save(force_insert=True)
            _spend(attachment)
    except IntegrityError:  # the same submission was a moment faster
        if existing := _existing(by, attachment_key):
            return existing
        raise
    except files.StorageFull:
        raise DiskFull(_("The server’s disk is full. Files can’t be attached right now.")) from None
    except files.StorageUnavailable:
        raise TemporarilyUnavailable(_("Files can’t be attached right now. Try again in a moment.")) from None
    return attachment


def _content_of(upload: UploadedFile) -> bytes:
    if upload.size is None or upload.size > settings.ATTACHMENT_BYTES:
        limit_mb = settings.ATTACHMENT_BYTES // 1_000_000
        raise TooLarge(_("The file is too large. The limit is %(mb)d MB.") % {"mb": limit_mb})
    content: bytes = upload.read()
    if not content:
        raise NotAttached(_("The file is empty."))
    return content


def _process(attachment: Attachment, content: bytes) -> dict[str, bytes]:
    """Returns the contents to store by file name, and fills in the fields of the row."""
    if read_header(content) or extension_of(attachment.name) in IMAGE_EXTENSIONS:
        return _process_image(attachment, content)
    try:
        attachment.content_type = type_of(attachment.name, content).content_type
    except TypeNotAllowed as error:
        raise NotAttached(str(error)) from None
    attachment.kind, attachment.size, attachment.alt = Attachment.Kind.FILE, len(content), ""
    return {file_name(attachment.key): content}


def _process_image(attachment: Attachment, content: bytes) -> dict[str, bytes]:
    narrow, wide = _resize(content, by=attachment.owner)
    attachment.kind, attachment.content_type = Attachment.Kind.IMAGE, "image/webp"
    attachment.width, attachment.height = wide.width, wide.height
    attachment.name = f"{attachment.name.rpartition('.')[0] or attachment.name}.webp"
    contents = {file_name(attachment.key): wide.content}
    if attachment.has_narrow_version:
        contents[file_name(attachment.key, NARROW)] = narrow.content
    attachment.size = sum(map(len, contents.values()))
    return contents


def _resize(content: bytes, *, by: User) -> list[ResizedImage]:
    try:
        return resize_image(
            content, *(FitInside(width, width * MAX_HEIGHT_RATIO) for width in (NARROW, WIDE)), sender=by.pk
        )
    except InvalidImage as error:
        with _daily_limit_messages():  # a rejected image costs work too
            rate_counter.count_action(DAILY_LIMIT, by=by)
        raise NotAttached(str(error)) from None
    except TooManyImages:
        raise TooBusy from None


def _spend(attachment: Attachment) -> None:
    """Call it last in the transaction: simultaneous uploads of one member wait here for each other."""
    daily_bytes = settings.ATTACHMENTS_A_DAY
    bytes_limit = rate_counter.Limit("attach-kB", daily_bytes // KILOBYTE, 86_400)
    with _daily_limit_messages():
        rate_counter.count_action(DAILY_LIMIT, by=attachment.owner)
        rate_counter.count_action(bytes_limit, by=attachment.owner, amount=-(-attachment.size // KILOBYTE))


@contextmanager
def _daily_limit_messages() -> Iterator[None]:
    """Turns an exceeded daily limit into a message for people."""
    try:
        yield
    except rate_counter.RateLimitExceeded as error:
        hours = -(-error.retry_after // 3_600)
        message = ngettext(
            "You’ve reached the daily limit for attachments (%(files)d files, %(mb)d MB)."
            " Try again in %(hours)d hour.",
            "You’ve reached the daily limit for attachments (%(files)d files, %(mb)d MB)."
            " Try again in %(hours)d hours.",
            hours,
        )
        raise DailyLimitReached(
            message
            % {"files": DAILY_LIMIT.most, "mb": settings.ATTACHMENTS_A_DAY // 1_000_000, "hours": hours},
            error.retry_after,
        ) from None


def _existing(by: User, submission_key: UUID) -> Attachment | None:
    return Attachment.objects.filter(owner=by, submission_key=submission_key).first()
