"""Hides a revision that says what nobody else should read."""

from accounts.models import User
from forum.models import HiddenRevision, Post
from moderation.posts.hide_revision import hide_revision

TOKEN = "Xylophone4711"
REASON = "Somebody’s address was in it."


def hide(post: Post, by: User, number: int = 3) -> HiddenRevision:
    return hide_revision(post=post, number=number, by=by, reason=REASON)
