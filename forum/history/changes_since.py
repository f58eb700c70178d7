"""Whether a post has changed since it was read, quoted, thanked or highlighted, and the URL of what has changed. Needs
the revision or the time, and no query.

    if changes.has_changed_since_revision(post, thanks.revision):
        url = changes.url_since_revision(post, thanks.revision)
"""

from collections.abc import Iterable
from datetime import datetime

from core.web.times import to_microseconds
from forum.history.revisions import ShownRevision
from forum.models import Post


def has_changed_since_revision(post: Post, number: int) -> bool:
    return post.version > number


def has_changed_since(post: Post, time: datetime) -> bool:
    return post.edited_at is not None and post.edited_at > time


def url_since_revision(post: Post, number: int) -> str:
    """Returns the URL of the changes from that revision to the newest."""
    return f"{post.url_for('history')}?from={number}&to={post.version}"


def url_since(post: Post, time: datetime) -> str:
    """Returns the URL of the changes since that time. The page finds the revision of the time."""
    return f"{post.url_for('history')}?since={to_microseconds(time)}"


def revision_at(revisions: Iterable[ShownRevision], time: datetime) -> int:
    """Returns the number of the revision at that time, or the first one if there was none yet."""
    return max((revision.number for revision in revisions if revision.written_at <= time), default=1)
