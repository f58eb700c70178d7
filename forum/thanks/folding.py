"""Replies that only say thanks are collapsed on their page, and don't count as unread. Whether a post is collapsed is
decided when it is written and by each action that changes it, never when it is read.

Posts of staff, original posts and highlighted posts are never collapsed, nor are posts with “Always show”."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import LogEntry, User
from forum.access import locks, permissions
from forum.access.audit_log import record_on
from forum.models import AlwaysShown, Highlight, Post, Topic
from forum.models.post import PostQuerySet
from forum.thanks.detector import is_only_thanks


def is_collapsible(position: int, *, author: User, is_thanks: bool) -> bool:
    """Whether a post is collapsed unless it is highlighted or always shown. `is_thanks`: it says nothing else."""
    return is_thanks and position > 1 and not author.shows_role


@transaction.atomic
def always_show(*, post: Post, by: User) -> bool:
    """Always shows the post. Returns False if it is shown already."""
    topic, post = locks.lock_post(post, by=by, if_may=permissions.can_always_show)
    if not post.folds:
        return False
    AlwaysShown.objects.create(post=post, unfolded_by=by)
    topic.change(**update_collapsed(topic, post))
    if post.author_id != by.pk:
        record_on("unfold", post, by=by, before={"folds": True}, after={"folds": False})
    return True


@transaction.atomic
def undo_always_show(*, post: Post, by: User, undoes: LogEntry | None = None) -> bool:
    """Undoes “Always show”, for staff. Returns False if it was not set."""
    topic, post = locks.lock_post(post, by=by, if_may=_can_undo_always_show)
    if not AlwaysShown.objects.filter(post=post.pk).delete()[0]:
        return False
    topic.change(**update_collapsed(topic, post))
    record_on("fold", post, by=by, before={"folds": False}, after={"folds": post.folds}, undoes=undoes)
    return True


def _can_undo_always_show(by: User, post: Post) -> bool:
    return permissions.is_staff_in(by, post.topic.section) and permissions.can_always_show(by, post)


def update_collapsed(topic: Topic, post: Post, *, is_thanks: bool | None = None) -> dict[str, Any]:
    """Decides again whether the post is collapsed. Call it under both locks, after the change. Returns the topic’s
    columns. `is_thanks`: whether it says nothing else, if that is known already."""
    folds = _would_fold(post, is_only_thanks(post.body) if is_thanks is None else is_thanks)
    if folds == post.folds:
        return {}
    post.folds = folds
    Post.objects.filter(pk=post.pk).update(folds=folds)
    return newest_unread_columns(topic)


def newest_unread_columns(topic: Topic) -> dict[str, Any]:
    """Returns `Topic.unread_position` and `unread_at`: the last position and the newest time, which may be of two
    posts if older ones were moved in. The original post counts even if it is removed."""
    posts = posts_counting_as_unread(topic)
    last = posts.order_by("-position").values_list("position", flat=True)[0]
    return {"unread_position": last, "unread_at": posts.newest().posted_at}


def posts_counting_as_unread(topic: Topic) -> PostQuerySet:
    visible: PostQuerySet = topic.posts.filter(Q(position=1) | Q(removal=None))
    return visible.filter(folds=False) if topic.section.fold_thanks else visible


BATCH = 200  # topics; their writers wait while they are counted

LOCK_SQL = "SELECT id FROM forum_topic WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
RECOUNT_SQL = """
UPDATE forum_topic AS topic
   SET unread_position = newest.position, unread_at = newest.posted_at, version = topic.version + 1
  FROM (SELECT post.topic_id, max(post.position) AS position, max(post.posted_at) AS posted_at
          FROM forum_post AS post
          JOIN forum_topic AS its ON its.id = post.topic_id
          JOIN forum_section AS section ON section.id = its.section_id
         WHERE post.topic_id = ANY(%s)
           AND (post.position = 1 OR NOT EXISTS (SELECT FROM forum_removal WHERE forum_removal.post_id = post.id))
           AND NOT (post.folds AND section.fold_thanks)
         GROUP BY post.topic_id) AS newest
 WHERE newest.topic_id = topic.id
"""


def recount_unread(section: int) -> Iterator[int]:
    """Updates the topics of a section whose rule for thanks was switched. Yields the size of each batch. Replies
    written in the meantime follow the new rule already."""
    collapsed = Post.objects.filter(topic=OuterRef("pk"), folds=True)
    topics = list(
        Topic.objects.filter(Exists(collapsed), section=section).order_by("pk").values_list("pk", flat=True)
    )
    for start in range(0, len(topics), BATCH):
        batch = topics[start : start + BATCH]
        # Two statements on purpose: the second sees replies from before the locks, and the current rule.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOCK_SQL, [batch])
            cursor.execute(RECOUNT_SQL, [batch])
        yield len(batch)


def _would_fold(post: Post, is_thanks: bool) -> bool:
    return (
        is_collapsible(post.position, author=post.author, is_thanks=is_thanks)
        and not Highlight.objects.filter(post=post.pk).exists()
        and not AlwaysShown.objects.filter(post=post.pk).exists()
    )
