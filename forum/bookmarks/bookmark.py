"""A member's own list of posts."""

from django.db import transaction

from accounts.access import actor as acting
from accounts.models import User
from accounts.rate_limiting import limits as rates
from forum.access import permissions
from forum.access.errors import NotAllowed
from forum.models import Post, SavedPost


@transaction.atomic
def save_post(*, post: Post, by: User, note: str | None = None) -> None:
    """Put the post on the member's list, or change the note it has there; without one the note stays as it is.

    No post is locked: nobody but the member sees it, and twice is once by the database's own rule."""
    acting.hold(by)
    if not permissions.can_save(by, post):
        raise NotAllowed
    SavedPost.objects.put(member=by.pk, post=post.pk, note=note)
    rates.spend(rates.SAVES, by=by)


def unsave_post(*, post: int, by: User) -> bool:
    """Take it off the list, whether or not the member may still read it; False if it was not there."""
    taken, _ = SavedPost.objects.filter(member=by, post=post).delete()
    return bool(taken)
