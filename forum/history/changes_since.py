"""Has a post changed since somebody read, quoted, thanked or highlighted it? Whoever remembers the revision, or the
moment, asks here, and links to what has changed; no query is made for it.

    if changes.has_changed_since_revision(post, thanks.revision):
        address = changes.url_since_revision(post, thanks.revision)
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from core.web.request_values import is_number
from forum.models import Post, Revision

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


def has_changed_since_revision(post: Post, number: int) -> bool:
    return post.version > number


def has_changed_since(post: Post, moment: datetime) -> bool:
    return post.edited_at is not None and post.edited_at > moment


def url_since_revision(post: Post, number: int) -> str:
    """What changed from that revision to the newest."""
    return f"{post.url_for('history')}?from={number}&to={post.version}"


def url_since(post: Post, moment: datetime) -> str:
    """What changed from what the post said then to what it says now. Which revision that was is found when asked."""
    return f"{post.url_for('history')}?since={(moment - _BEGINNING) // timedelta(microseconds=1)}"


def moment_of(since: str) -> datetime | None:
    """The moment in such an address; None for one that cannot be."""
    if not is_number(since, digits=17):
        return None
    return min(_BEGINNING + timedelta(microseconds=int(since)), _LATEST)


def revision_at(revisions: Iterable[Revision], moment: datetime) -> int:
    """The number of the one that stood then; the first where that was before it was written."""
    return max((revision.number for revision in revisions if revision.written_at <= moment), default=1)
