"""Remove all posts of a member, or restore them, in the background."""

from contextlib import suppress
from typing import Any

from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import LogEntry
from forum.access import locks as locking
from forum.access.errors import MovedMeanwhile
from forum.history import revisions as history
from forum.models import Highlight, Post
from forum.models.limits import HIGHLIGHTS_PER_TOPIC
from forum.thanks import folding
from moderation.members import remove_all_posts_sql as clearing_sql


def carry_out(entry: LogEntry) -> int:
    """Do what the entry says, as far as it is not done; how many posts that were. Each batch is a transaction of its
    own where nobody has begun one: whoever writes in one of these topics waits for a moment only."""
    done = 0
    cleared = _cleared(entry)
    for batch in clearing_sql.batches(_posts_of(entry)):
        if entry == cleared:
            done += clearing_sql.remove(entry, batch)
        else:
            restored = clearing_sql.restore(cleared, batch)
            _mark_again(cleared, set(restored))
            done += len(restored)
    return done


def is_under_way(entry: LogEntry) -> bool:
    """Has the worker not come to the end of it?"""
    if not _has_to_be_done(entry):
        return False
    if entry.act == "remove_everything":
        return Post.objects.filter(pk__in=_posts_of(entry)).standing().exists()
    return bool(clearing_sql.removed_by(_cleared(entry)))


def _cleared(entry: LogEntry) -> LogEntry:
    """The entry that removed, of one that removes or restores."""
    if entry.act == "remove_everything":
        return entry
    return LogEntry.objects.get(pk=entry.facts["before"]["cleared"])


def _has_to_be_done(entry: LogEntry) -> bool:
    """Does the worker still have it before it? What went at once it finds done."""
    jobs = ProcrastinateJob.objects.filter(task_name="moderation.remove_all_posts")
    return jobs.filter(args__entry=entry.pk, status__in=["todo", "doing"]).exists()


def _posts_of(entry: LogEntry) -> list[int]:
    facts: dict[str, Any] = entry.facts["after" if entry.act == "remove_everything" else "before"]
    return facts["posts"]


def _mark_again(cleared: LogEntry, posts: set[int]) -> None:
    """The highlights that went with these posts, where their topics still have room."""
    for mark in cleared.facts["before"]["highlights"]:
        if mark["post"] in posts:
            # One that moves to another topic at this moment keeps its place there, without the mark.
            with suppress(MovedMeanwhile):
                _mark_one_again(cleared, mark)


@transaction.atomic
def _mark_one_again(cleared: LogEntry, mark: dict[str, Any]) -> None:
    topic, post = locking.locked(Post.objects.only("topic_id").get(pk=mark["post"]), by=None)
    # Somebody has decided otherwise since; or has hidden the very words.
    if post.is_removed or post.is_highlighted or history.is_hidden(post, mark["revision"]):
        return
    if topic.highlights.count() >= HIGHLIGHTS_PER_TOPIC:
        return
    post.highlight = Highlight.objects.create(
        post=post,
        topic=topic,
        revision=mark["revision"],
        excerpt=mark["excerpt"],
        highlighted_by=cleared.by,
    )
    topic.change(**folding.decide_again(topic, post))
