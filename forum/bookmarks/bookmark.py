"""Adds and removes bookmarks."""

from django.db import transaction

from accounts.access import actor as acting
from accounts.models import User
from accounts.rate_limiting import limits as rates
from forum.access import permissions
from forum.access.errors import NotAllowed
from forum.models import Post, SavedPost


@transaction.atomic
def save_post(*, post: Post, by: User, note: str | None = None) -> None:
    """Bookmarks the post, or changes the note of its bookmark; None keeps the note.

    The post is not locked: only the member sees the bookmark, and a constraint keeps it unique."""
    acting.hold(by)
    if not permissions.can_save(by, post):
        raise NotAllowed
    SavedPost.objects.put(member=by.pk, post=post.pk, note=note)
    rates.spend(rates.SAVES, by=by)


def unsave_post(*, post: int, by: User) -> bool:
    """Removes the bookmark, whether or not the member may still read the post. Returns False if there was none."""
    taken, _ = SavedPost.objects.filter(member=by, post=post).delete()
    return bool(taken)
