"""Adds and removes bookmarks."""

from django.db import transaction

from accounts.access.actor import reload_and_lock
from accounts.models import User
from accounts.rate_limiting import rate_counter
from forum.access import permissions
from forum.access.require import require
from forum.models import Bookmark, Post

BOOKMARK_LIMIT = rate_counter.Limit("save", 60, 60)


@transaction.atomic
def add_bookmark(*, post: Post, by: User, note: str | None = None) -> None:
    """Bookmarks the post, or changes the note of its bookmark; None keeps the note.

    The post is not locked: only the member sees the bookmark, and a constraint keeps it unique."""
    reload_and_lock(by)
    require(permissions.can_bookmark(by, post))
    Bookmark.objects.put(member=by.pk, post=post.pk, note=note)
    rate_counter.count_action(BOOKMARK_LIMIT, by=by)


def remove_bookmark(*, post: int, by: User) -> bool:
    """Removes the bookmark, whether or not the member may still read the post. Returns False if there was none."""
    deleted, _ = Bookmark.objects.filter(member=by, post=post).delete()
    return bool(deleted)
