"""Columns of a topic’s row that are computed from its posts."""

from typing import Any

from django.db.models import Q

from forum.models import Topic
from forum.thanks import folding


def activity_columns(topic: Topic) -> dict[str, Any]:
    """Returns the columns about the last post and the newest unread-relevant post. The original post counts even if it
    is removed, so that every topic has one."""
    last = topic.posts.filter(Q(position=1) | Q(removal=None)).newest()
    return {
        "last_post_at": last.posted_at,
        "last_post_by": last.author_id,
        **folding.newest_unread_columns(topic),
    }
