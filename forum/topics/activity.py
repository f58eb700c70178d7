"""What a topic's row must say of its posts, read again where it cannot be told from what has just happened."""

from typing import Any

from django.db.models import Q

from forum.models import Topic
from forum.thanks import folding


def newest(topic: Topic) -> dict[str, Any]:
    """Who wrote last, and when, as lists show it; and the newest that is news. The original post counts even when it is
    removed: a topic has at least that."""
    last = topic.posts.filter(Q(position=1) | Q(removal=None)).newest()
    return {"last_post_at": last.posted_at, "last_post_by": last.author_id, **folding.newest_news(topic)}
