"""What a text says of attachments: which it names, which it shows, and which belong to its post from then on."""

import re
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from core.text.quotes import revisions_cited
from core.text.references import AttachedFile, Picture
from forum.models import Attachment, Post, WaitingPost
from forum.models.attachment import NARROW
from forum.models.limits import ATTACHMENTS_PER_POST

CLAIMED_FOR = timedelta(hours=12)  # at least; less than the sweep leaves alone
NAMED = re.compile(r"/a/([0-9a-f]{32})/")


def keys_in(body: str) -> list[str]:
    """Of the attachments that a text names, in their order, each once."""
    return list(dict.fromkeys(NAMED.findall(body)))


def claim(body: str, *owners: User) -> None:
    """Call it before a text that is to be kept is looked at: what it names and is in no post yet counts as attached
    just now, so that no sweep takes it between the look and the lock. A text that names nothing asks no database."""
    if keys := keys_in(body)[:ATTACHMENTS_PER_POST]:
        now = timezone.now()
        idle = Attachment.objects.unused().filter(
            key__in=keys, owner__in=owners, uploaded_at__lt=now - CLAIMED_FOR
        )
        idle.update(uploaded_at=now)


def named_in(
    body: str, *, by: User, post: Post | None = None, editor: User | None = None
) -> dict[str, Picture | AttachedFile]:
    """What a text of `by` shows as attached: what they sent, or `editor` did, and what belongs to the post already. A
    text that names nothing asks no database."""
    keys = keys_in(body)[:ATTACHMENTS_PER_POST]
    if not keys:
        return {}
    theirs = Q(owner__in={by.pk, (editor or by).pk})
    if post:
        theirs |= Q(post=post)
    return {found.key: _shown(found) for found in Attachment.objects.filter(theirs, key__in=keys)}


def named_in_quotes(body: str) -> dict[int, dict[str, Picture | AttachedFile]]:
    """What a text names that belongs to a post it quotes, by that post: who reads the quote may read the post, and so
    see it. What its author took from another post is not among it, since that may have other readers."""
    keys = keys_in(body)[:ATTACHMENTS_PER_POST]
    posts = {post for post, _ in revisions_cited(body)} if keys else set()
    if not posts:
        return {}
    named: dict[int, dict[str, Picture | AttachedFile]] = {}
    for found in Attachment.objects.filter(key__in=keys, post__in=posts):
        named.setdefault(found.post_id or 0, {})[found.key] = _shown(found)
    return named


def take_in(post: Post, *, by: User) -> None:
    """What the post's text names, and its author or `by` sent, belongs to it from now on, unless it belongs to another
    already. Call it in the transaction that writes the text, under its locks."""
    keys = keys_in(post.body)[:ATTACHMENTS_PER_POST]
    if not keys:
        return
    unused = Attachment.objects.unused().filter(key__in=keys, owner__in={post.author_id, by.pk})
    # Locked in one order: two posts may name the same ones.
    locked = unused.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk", flat=True)
    Attachment.objects.filter(pk__in=list(locked)).update(post=post)
    # Whoever writes it again shows it again.
    Attachment.objects.filter(post=post, key__in=keys, is_withheld=True).update(is_withheld=False)


def withhold(post: Post) -> None:
    """What only hidden revisions of the post name is for staff alone, and nothing else is. Call it after one was
    hidden, or is shown again, under the post's lock."""
    theirs = Attachment.objects.filter(post=post)
    if not theirs.exists():
        return
    hidden = set(post.hidden_revisions.values_list("number", flat=True))
    shown, gone = set(keys_in(post.body)), set[str]()
    for number, body in post.revisions.filter(body__contains="/a/").values_list("number", "body"):
        (gone if number in hidden else shown).update(keys_in(body))
    withheld = gone - shown
    theirs.filter(key__in=withheld).update(is_withheld=True)
    theirs.filter(is_withheld=True).exclude(key__in=withheld).update(is_withheld=False)


def wait_with(waiting: WaitingPost) -> None:
    """What a text names that waits for approval is kept for it, and staff may see it. What waits with another text
    already stays with that one, whose staff may be others."""
    keys = keys_in(waiting.body)[:ATTACHMENTS_PER_POST]
    if keys:
        waits_no_more = Q(waits_with=None) | Q(waits_with__settled_at__isnull=False)
        mine = Attachment.objects.unused().filter(waits_no_more, key__in=keys, owner=waiting.author_id)
        mine.update(waits_with=waiting)


def _shown(attachment: Attachment) -> Picture | AttachedFile:
    if attachment.width and attachment.height:
        narrow = NARROW if attachment.is_kept_narrow_too else None
        return Picture(attachment.width, attachment.height, narrow, attachment.alt)
    return AttachedFile(attachment.name, attachment.size)
