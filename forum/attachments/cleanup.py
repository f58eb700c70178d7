"""Deletes attachments that no post and no draft uses, and files without a row."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Q
from django.utils import timezone

from core.storage import files
from forum.attachments.links import keys_in
from forum.models import Attachment, Draft
from forum.models.attachment import AttachmentQuerySet

UNUSED_PERIOD = timedelta(days=1)
UNDO_PERIOD = timedelta(days=30)
BATCH = 500


def delete_unused_attachments() -> int:
    """Deletes attachments that were not used within a day, row and files, then the files that a crash left without a
    row. Returns the number of deleted files."""
    before = timezone.now() - UNUSED_PERIOD
    deleted = 0
    draft_keys = _keys_in_drafts()
    for attachment in _unused().filter(uploaded_at__lt=before).exclude(key__in=draft_keys).iterator():
        # The deleting statement checks again: a post that takes the attachment has locked its row, and a text that
        # is being written with it has claimed it. No join, or the statement would not see those later changes.
        still_unused = Attachment.objects.unused().filter(
            pk=attachment.pk, waits_with=attachment.waits_with_id, uploaded_at__lt=before
        )
        if still_unused.delete()[0]:
            files.delete_files(*attachment.files)
            deleted += len(attachment.files)
    return deleted + _delete_orphaned_files(before)


def _unused() -> AttachmentQuerySet:
    """Attachments in no post, in no pending post, and in none rejected so recently that this may be undone."""
    settled_long_ago = Q(waits_with__resolved_at__lt=timezone.now() - UNDO_PERIOD)
    return Attachment.objects.unused().filter(Q(waits_with=None) | settled_long_ago)


def _keys_in_drafts() -> list[str]:
    texts = Draft.objects.filter(body__contains="/a/").values_list("body", flat=True)
    return [key for text in texts.iterator() for key in keys_in(text)]


def _delete_orphaned_files(before: datetime) -> int:
    deleted = 0
    old_files = files.old_files("posts", before=before)
    while names := list(islice(old_files, BATCH)):
        orphaned = _without_rows(names)
        files.delete_files(*orphaned)
        deleted += len(orphaned)
    return deleted


def _without_rows(names: Iterable[str]) -> list[str]:
    keys = {name: name.rpartition("/")[2].partition(".")[0] for name in names}
    known_keys = set(Attachment.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    return [name for name, key in keys.items() if key not in known_keys]
