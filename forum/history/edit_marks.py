"""What is stored with an edit, so that its mark stays correct.

An early edit has a quiet mark: by the author, soon after posting, before anyone replied to or highlighted the post. All
other edits are marked with the number of replies at that time, and edits by staff with their name and reason. A quiet
edit never hides an earlier edit that was not quiet.
"""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from forum.access import permissions
from forum.models import Post
from forum.models.edit_marks import MAX_REPLIES_COUNTED

EARLY_EDIT_PERIOD = timedelta(minutes=5)


def marks_of_edit(post: Post, *, by: User, at: datetime, merged_from: int | None) -> dict[str, Any]:
    """Returns the fields of the post. Call it under the topic's lock, before the edit is written."""
    reply_count = _count_replies_after(post)
    by_staff = permissions.edit_needs_reason(by, post)
    return {
        "is_early_edit": (
            by.pk == post.author_id
            and not by_staff
            and at - post.posted_at <= EARLY_EDIT_PERIOD
            and not reply_count
            and not post.is_highlighted
            and (not post.is_edited or post.is_early_edit)
        ),
        "replies_before_edit": reply_count,
        "edited_as": by.role if by_staff else "",
        "merged_from": merged_from,
        "was_edited_by_staff": post.was_edited_by_staff or bool(post.edited_as),
    }


def _count_replies_after(post: Post) -> int:
    """Returns the number of visible replies by others after the post, at most MAX_REPLIES_COUNTED."""
    replies = post.topic.posts.filter(position__gt=post.position, removal=None).exclude(author=post.author_id)
    return replies.order_by()[:MAX_REPLIES_COUNTED].count()
