"""The attachments that a text links to: which it names, which it shows, and which belong to its post."""

import re
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from core.text.quotes import quoted_revisions
from core.text.references import AttachedFile, Picture
from forum.models import Attachment, PendingPost, Post
from forum.models.attachment import ATTACHMENTS_PER_POST, NARROW

CLAIM_PERIOD = timedelta(hours=12)  # at least; shorter than cleanup.UNUSED_PERIOD
LINK = re.compile(r"/a/([0-9a-f]{32})/")

Keys = list[str]


def keys_in(body: str) -> Keys:
    """Returns the keys of the attachments in a text, in their order, each once."""
    return list(dict.fromkeys(LINK.findall(body)))


def protect_from_cleanup(keys: Keys, *owners: User) -> None:
    """Protects the unused ones of these attachments from the cleanup: they count as attached just now. Call it before
    their text is processed. Without attachments, there is no query."""
    if keys:
        now = timezone.now()
        unused = Attachment.objects.unused().filter(
            key__in=_allowed(keys), owner__in=owners, uploaded_at__lt=now - CLAIM_PERIOD
        )
        unused.update(uploaded_at=now)


def attachments_in(
    keys: Keys, *, author: User, editor: User, post: Post | None
) -> dict[str, Picture | AttachedFile]:
    """Returns those of these attachments that a text shows: those of its author and editor, and those of the post.
    Without attachments, there is no query."""
    if not keys:
        return {}
    allowed = Q(owner__in={author.pk, editor.pk})
    if post:
        allowed |= Q(post=post)
    return {
        attachment.key: _reference(attachment)
        for attachment in Attachment.objects.filter(allowed, key__in=_allowed(keys))
    }


def attachments_in_quotes(keys: Keys, body: str) -> dict[int, dict[str, Picture | AttachedFile]]:
    """Returns the attachments in quotes, by the quoted post that owns them: people who may read the quote may read that
    post. Attachments of other posts are left out, since those may have other readers."""
    posts = {post for post, _ in quoted_revisions(body)} if keys else set()
    if not posts:
        return {}
    attachments: dict[int, dict[str, Picture | AttachedFile]] = {}
    for attachment in Attachment.objects.filter(key__in=_allowed(keys), post__in=posts):
        attachments.setdefault(attachment.post_id or 0, {})[attachment.key] = _reference(attachment)
    return attachments


def claim_for_post(post: Post, keys: Keys, *, by: User) -> None:
    """Gives the post the unused ones of these attachments that its author or `by` uploaded. Call it in the transaction
    that writes the text, under its locks."""
    if not keys:
        return
    keys = _allowed(keys)
    unused = Attachment.objects.unused().filter(key__in=keys, owner__in={post.author_id, by.pk})
    # Locked in one order, since two posts may name the same ones.
    locked = unused.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk", flat=True)
    Attachment.objects.filter(pk__in=list(locked)).update(post=post)
    # An attachment that is written into the text again is shown again.
    Attachment.objects.filter(post=post, key__in=keys, is_hidden=True).update(is_hidden=False)


def update_hidden(post: Post) -> None:
    """Hides the attachments that only hidden revisions of the post name, and shows all others. Call it after a revision
    was hidden or shown again, under the post's lock."""
    attachments = Attachment.objects.filter(post=post)
    if not attachments.exists():
        return
    hidden_numbers = set(post.hidden_revisions.values_list("number", flat=True))
    visible_keys, hidden_keys = set(keys_in(post.body)), set[str]()
    for number, body in post.revisions.filter(body__contains="/a/").values_list("number", "body"):
        (hidden_keys if number in hidden_numbers else visible_keys).update(keys_in(body))
    hidden_only = hidden_keys - visible_keys
    attachments.filter(key__in=hidden_only).update(is_hidden=True)
    attachments.filter(is_hidden=True).exclude(key__in=hidden_only).update(is_hidden=False)


def hold_for_pending_post(pending: PendingPost, keys: Keys) -> None:
    """Holds the attachments of a pending post, so that staff can see them. Those of another pending post stay there,
    since its staff may be others."""
    if keys:
        is_free = Q(waits_with=None) | Q(waits_with__resolved_at__isnull=False)
        attachments = Attachment.objects.unused().filter(
            is_free, key__in=_allowed(keys), owner=pending.author_id
        )
        attachments.update(waits_with=pending)


def _allowed(keys: Keys) -> Keys:
    """Returns as many keys as a post can have. Only a draft can name more."""
    return keys[:ATTACHMENTS_PER_POST]


def _reference(attachment: Attachment) -> Picture | AttachedFile:
    if attachment.width and attachment.height:
        narrow = NARROW if attachment.has_narrow_version else None
        return Picture(attachment.width, attachment.height, narrow, attachment.alt)
    return AttachedFile(attachment.name, attachment.size)
