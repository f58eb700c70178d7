"""Edit an original post together with its topic’s title: both or neither."""

from typing import Any

from django.db import transaction

from accounts.models import User
from forum.models import Post
from forum.posts.edit import edit_post
from forum.topics.rename import rename_topic


def edit_original(
    *, post: Post, by: User, title: str, title_was: str, title_version: int, reason: str = "", **edit: Any
) -> Post:
    """`title_was` and `title_version`: the title the writer started from. If they did not change it, the current title
    stays. Raises what `edit_post` and `retitle` raise, and then nothing is written."""
    if title == title_was:
        return edit_post(post=post, by=by, reason=reason, **edit)
    with transaction.atomic():
        rename_topic(topic=post.topic, by=by, title=title, version=title_version, reason=reason)
        return edit_post(post=post, by=by, reason=reason, **edit)
