"""Checks that the files of all attachments exist."""

from django.db.models import Case, Sum, When

from config.backup.progress import progress
from core.storage import files
from forum.models import Attachment
from forum.models.attachment import NARROW

NAMES_SHOWN = 3  # the other missing files are only counted


def missing() -> tuple[int, list[str]]:
    """Returns how many attachment files there should be, and the names of the missing ones. Reads rows as a stream.
    Raises StorageUnavailable if the storage does not respond."""
    each = Case(When(width__gt=NARROW, then=2), default=1)
    expected = Attachment.objects.aggregate(files=Sum(each))["files"] or 0
    missing_files: list[str] = []
    with progress("Looking for files", expected, " files") as advance:
        for attachment in Attachment.objects.only("key", "width").order_by("pk").iterator():
            missing_files += [name for name in attachment.files if not files.file_exists(name)]
            advance(len(attachment.files))
    return expected, missing_files


def describe_missing(missing_files: list[str]) -> str:
    more = f" and {len(missing_files) - NAMES_SHOWN} more" if len(missing_files) > NAMES_SHOWN else ""
    return (
        f"{len(missing_files)} attachment files are missing: {', '.join(missing_files[:NAMES_SHOWN])}{more}"
    )
