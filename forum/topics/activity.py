"""Columns of a topic’s row that depend on its posts."""

from datetime import timedelta
from typing import Any

from django.db.models import Q

from forum.models import Post, Topic
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


def columns_after_reply(topic: Topic, reply: Post) -> dict[str, Any]:
    """Returns the columns that a new reply changes. Call it under the topic’s lock."""
    at = reply.posted_at
    columns: dict[str, Any] = {
        "last_position": reply.position,
        "reply_count": topic.reply_count + 1,
        "last_post_at": at,
        "last_post_by": reply.author_id,
    }
    if not (reply.folds and topic.section.fold_thanks):
        columns |= {"unread_position": reply.position, "unread_at": at}
    if topic.inactivity_days:
        columns["closes_at"] = at + timedelta(days=topic.inactivity_days)
    return columns
