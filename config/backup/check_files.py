"""Are the files there of which the rows speak?"""

from django.db.models import Case, Sum, When

from config.backup.progress import progress
from core.storage import files
from forum.models import Attachment
from forum.models.attachment import NARROW

NAMED = 3  # of those that are gone; the rest is a number


def missing() -> tuple[int, list[str]]:
    """How many files of attachments there should be, and those that are not; read as a stream, however many there are.
    Raises StorageUnavailable where the place that keeps them does not answer."""
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
    return f"{len(gone)} files of attachments are missing: {', '.join(gone[:NAMED])}{more}"
