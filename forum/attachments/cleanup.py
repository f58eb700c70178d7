"""Throw away what was attached to nothing, not even a draft, and files of which no row knows."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Q
from django.utils import timezone

from core.storage import files
from forum.attachments.links import keys_in
from forum.models import Attachment, Draft
from forum.models.attachment import AttachmentQuerySet

UNUSED_FOR = timedelta(days=1)
UNDONE_FOR = timedelta(days=30)
BATCH = 500


def sweep_attachments() -> int:
    """What its owner has not used within a day goes, row and files; a post that uses it at this moment keeps it. Then
    go the files that a crash left without a row. The answer is how many files went."""
    before = timezone.now() - UNUSED_FOR
    swept = 0
    begun = _named_in_drafts()
    for one in _left_over().filter(uploaded_at__lt=before).exclude(key__in=begun).iterator():
        # Asked again by the statement that deletes: whoever takes it in meanwhile has locked its row, and whoever
        # writes a text with it has claimed it. Of its own table alone: with a join it would delete what it had read,
        # and not what is there by then.
        same = Attachment.objects.unused().filter(
            pk=one.pk, waits_with=one.waits_with_id, uploaded_at__lt=before
        )
        if same.delete()[0]:
            files.remove(*one.files)
            swept += len(one.files)
    return swept + _sweep_files_without_rows(before)


def _left_over() -> AttachmentQuerySet:
    """What is in no post, and in no text that waits to become one, or was refused so lately that this may be undone."""
    settled_long_ago = Q(waits_with__settled_at__lt=timezone.now() - UNDONE_FOR)
    return Attachment.objects.unused().filter(Q(waits_with=None) | settled_long_ago)


def _named_in_drafts() -> list[str]:
    texts = Draft.objects.filter(body__contains="/a/").values_list("body", flat=True)
    return [key for text in texts.iterator() for key in keys_in(text)]


def _sweep_files_without_rows(before: datetime) -> int:
    swept = 0
    found = files.names_below("posts", before=before)
    while names := list(islice(found, BATCH)):
        gone = _without_rows(names)
        files.remove(*gone)
        swept += len(gone)
    return swept


def _without_rows(names: Iterable[str]) -> list[str]:
    keys = {name: name.rpartition("/")[2].partition(".")[0] for name in names}
    known = set(Attachment.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    return [name for name, key in keys.items() if key not in known]
