"""Remove all posts of a member, or restore them, in the background."""

from contextlib import suppress
from typing import Any

from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import LogEntry
from forum.access import locks
from forum.access.errors import PostMoved
from forum.history.revisions import is_hidden
from forum.models import Highlight, Post
from forum.models.highlight import HIGHLIGHTS_PER_TOPIC
from forum.search_index.store import mark_highlighted
from forum.thanks import folding
from moderation.members import remove_all_posts_sql


def remove_or_restore_posts(entry: LogEntry) -> int:
    """Does what the entry says as far as it is not done, and returns the number of posts. Each batch has its own
    transaction unless one is open, so that topics are locked only briefly."""
    count = 0
    removal_entry = _removal_entry(entry)
    for batch in remove_all_posts_sql.batches(_posts_of(entry)):
        if entry == removal_entry:
            count += remove_all_posts_sql.remove(entry, batch)
        else:
            restored = remove_all_posts_sql.restore(removal_entry, batch)
            _restore_highlights(removal_entry, set(restored))
            count += len(restored)
    return count


def is_running(entry: LogEntry) -> bool:
    """Returns whether the worker has not finished yet."""
    if not has_unfinished_job(entry):
        return False
    if entry.act == "remove_everything":
        return Post.objects.filter(pk__in=_posts_of(entry)).not_removed().exists()
    return bool(remove_all_posts_sql.removed_by(_removal_entry(entry)))


def _removal_entry(entry: LogEntry) -> LogEntry:
    """Returns the entry that removed the posts, for an entry that removes or restores them."""
    if entry.act == "remove_everything":
        return entry
    return LogEntry.objects.get(pk=entry.facts["before"]["cleared"])


def has_unfinished_job(entry: LogEntry) -> bool:
    """Returns whether the worker's job has not finished."""
    jobs = ProcrastinateJob.objects.filter(task_name="moderation.remove_all_posts")
    return jobs.filter(args__entry=entry.pk, status__in=["todo", "doing"]).exists()


def _posts_of(entry: LogEntry) -> list[int]:
    facts: dict[str, Any] = entry.facts["after" if entry.act == "remove_everything" else "before"]
    return facts["posts"]


def _restore_highlights(removal_entry: LogEntry, posts: set[int]) -> None:
    """Restores the highlights of these posts, if their topics still have room."""
    for highlight in removal_entry.facts["before"]["highlights"]:
        if highlight["post"] in posts:
            # A post that is being moved to another topic is not highlighted again.
            with suppress(PostMoved):
                _restore_highlight(removal_entry, highlight)


@transaction.atomic
def _restore_highlight(removal_entry: LogEntry, highlight: dict[str, Any]) -> None:
    topic, post = locks.lock_post(Post.objects.only("topic_id").get(pk=highlight["post"]), by=None)
    # Someone has decided otherwise since, or has hidden this revision.
    if post.is_removed or post.is_highlighted or is_hidden(post, highlight["revision"]):
        return
    if topic.highlights.count() >= HIGHLIGHTS_PER_TOPIC:
        return
    post.highlight = Highlight.objects.create(
        post=post,
        topic=topic,
        revision=highlight["revision"],
        excerpt=highlight["excerpt"],
        highlighted_by=removal_entry.by,
    )
    mark_highlighted([post.pk], highlighted=True)
    topic.change(**folding.update_collapsed(topic, post))
