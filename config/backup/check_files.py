"""Checks that the files of all attachments exist."""

from django.db.models import Case, Sum, When

from config.backup.progress import progress
from core.storage import files
from forum.models import Attachment
from forum.models.attachment import NARROW

NAMED = 3  # missing files that are named; the rest are counted


def missing() -> tuple[int, list[str]]:
    """Returns how many attachment files there should be, and the names of the missing ones. Reads rows as a stream.
    Raises StorageUnavailable if the storage does not respond."""
    each = Case(When(width__gt=NARROW, then=2), default=1)
    expected = Attachment.objects.aggregate(files=Sum(each))["files"] or 0
    gone: list[str] = []
    with progress("Looking for files", expected, " files") as done:
        for attachment in Attachment.objects.only("key", "width").order_by("pk").iterator():
            gone += [name for name in attachment.files if not files.file_exists(name)]
            done(len(attachment.files))
    return expected, gone


def told(gone: list[str]) -> str:
    more = f" and {len(gone) - NAMED} more" if len(gone) > NAMED else ""
    return f"{len(gone)} attachment files are missing: {', '.join(gone[:NAMED])}{more}"
