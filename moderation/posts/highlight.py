"""Highlight a post at the top of every page of its topic, and remove the highlight."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import LogEntry, User
from forum.access import locks, permissions
from forum.access.audit_log import record_on
from forum.access.errors import EditConflict, TooManyHighlights
from forum.models import Highlight, Post, Topic
from forum.models.highlight import HIGHLIGHTS_PER_TOPIC
from forum.search_index.store import mark_highlighted
from forum.thanks import folding


@transaction.atomic
def highlight_post(*, post: Post, by: User, version: int | None = None) -> Highlight:
    """Highlights the current text of the post, also if an older revision was highlighted before.

    `version` is the revision that staff saw. Raises EditConflict if the author has edited the post since, because
    nobody has approved that text."""
    topic, post = locks.lock_post(post, by=by, if_may=permissions.can_highlight)
    if version not in (None, post.version):
        raise EditConflict(post)
    if post.is_highlighted and not post.highlight.is_outdated:
        return post.highlight
    # The lock of the topic prevents that someone else adds a highlight now.
    if not post.is_highlighted and topic.highlights.count() >= HIGHLIGHTS_PER_TOPIC:
        raise TooManyHighlights
    return _save_highlight(topic, post, by=by, revision=post.version, excerpt=post.excerpt)


def _save_highlight(
    topic: Topic, post: Post, *, by: User, revision: int, excerpt: str, undoes: LogEntry | None = None
) -> Highlight:
    before = highlight_facts(post)
    highlight, _ = Highlight.objects.update_or_create(
        post=post,
        defaults={
            "topic": topic,
            "revision": revision,
            "excerpt": excerpt,
            "highlighted_by": by,
            "highlighted_at": timezone.now(),
        },
    )
    mark_highlighted([post.pk], highlighted=True)
    topic.change(**folding.update_collapsed(topic, post))
    after = {"revision": revision, "excerpt": excerpt}
    record_on("highlight", post, by=by, before=before, after=after, undoes=undoes)
    return highlight


@transaction.atomic
def restore_highlight(
    *, post: Post, by: User, revision: int, excerpt: str, undoes: LogEntry | None = None
) -> Highlight:
    """Restores a highlight of a revision that staff had highlighted before."""
    topic, post = locks.lock_post(post, by=by, if_may=permissions.can_highlight)
    if not post.is_highlighted and topic.highlights.count() >= HIGHLIGHTS_PER_TOPIC:
        raise TooManyHighlights
    return _save_highlight(topic, post, by=by, revision=revision, excerpt=excerpt, undoes=undoes)


def highlight_facts(post: Post) -> dict[str, Any] | None:
    """Returns the post's highlight as a fact for the audit log, or None."""
    if not post.is_highlighted:
        return None
    return {"revision": post.highlight.revision, "excerpt": post.highlight.excerpt}


@transaction.atomic
def unhighlight_post(*, post: Post, by: User, undoes: LogEntry | None = None) -> bool:
    """Removes the highlight. Returns False if there was none."""
    topic, post = locks.lock_post(post, by=by, if_may=permissions.can_unhighlight)
    if not post.is_highlighted:
        return False
    remove_highlight(post, by=by, undoes=undoes)
    topic.change(takes_back=True, **folding.update_collapsed(topic, post))
    return True


def remove_highlight(post: Post, *, by: User, reason: str = "", undoes: LogEntry | None = None) -> None:
    """Removes the highlight of a highlighted post and logs it. Call it under the lock of the topic."""
    before = highlight_facts(post)
    post.highlight.delete()
    mark_highlighted([post.pk], highlighted=False)
    record_on("unhighlight", post, by=by, reason=reason, before=before, undoes=undoes)
