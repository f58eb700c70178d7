"""Change an original post and the title of its topic in one go: both, or neither."""

from typing import Any

from django.db import transaction

from accounts.models import User
from forum.models import Post
from forum.posts.edit import edit_post
from forum.topics.rename import retitle


def edit_original(
    *, post: Post, by: User, title: str, title_was: str, title_version: int, reason: str = "", **edit: Any
) -> Post:
    """`title_was` and `title_version`: the title that the writer started from. Where they left it alone, it stays what
    it is by now. Raises what `edit_post` and `retitle` raise, and then nothing is written."""
    if title == title_was:
        return edit_post(post=post, by=by, reason=reason, **edit)
    with transaction.atomic():
        retitle(topic=post.topic, by=by, title=title, version=title_version, reason=reason)
        return edit_post(post=post, by=by, reason=reason, **edit)
