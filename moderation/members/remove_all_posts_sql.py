"""SQL that removes and restores thousands of posts of one member: a few statements for some hundred topics, under the
locks of those topics. The rows of the topics are updated as forum/topics/activity.py does for one."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection, transaction

from accounts.models import LogEntry
from forum.models import Highlight, Post
from forum.models.section_version import SHARDS
from forum.search_index.store import index_again, remove_from_index
from forum.thanks import folding

BATCH = 200  # topics

LOCK = "SELECT id FROM forum_topic WHERE id = ANY(%(topics)s) ORDER BY id FOR NO KEY UPDATE"
REMOVE = """
INSERT INTO forum_removal (post_id, removed_by_id, removed_at, reason, rule_id)
SELECT post.id, %(by)s, %(at)s, %(reason)s, %(rule)s
  FROM forum_post AS post
 WHERE post.id = ANY(%(posts)s) AND post.topic_id = ANY(%(topics)s)
   AND NOT EXISTS (SELECT FROM forum_removal WHERE post_id = post.id)
RETURNING post_id
"""
# The time and author identify the removals of one action.
RESTORE = """
DELETE FROM forum_removal AS removal USING forum_post AS post
 WHERE post.id = removal.post_id AND post.topic_id = ANY(%(topics)s) AND post.id = ANY(%(posts)s)
   AND removal.removed_at = %(at)s AND removal.removed_by_id = %(by)s
RETURNING removal.post_id
"""
IS_VISIBLE = "(post.position = 1 OR NOT EXISTS (SELECT FROM forum_removal WHERE post_id = post.id))"
NEWEST = """
SELECT position, posted_at, author_id FROM (
    (SELECT position, posted_at, author_id FROM forum_post AS post
      WHERE post.topic_id = changed.topic_id AND moved_at IS NULL AND {visible} {more}
      ORDER BY position DESC LIMIT 1)
    UNION ALL
    (SELECT position, posted_at, author_id FROM forum_post AS post
      WHERE post.topic_id = changed.topic_id AND moved_at IS NOT NULL AND {visible} {more}
      ORDER BY posted_at DESC, position DESC LIMIT 1)) AS either
 ORDER BY posted_at DESC, position DESC LIMIT 1
"""
NOT_COLLAPSED = "AND NOT (post.folds AND changed.folding)"
# The plans of these statements must not depend on statistics: with those of a table that had been empty, a statement
# of one second took an hour.
CHANGED_TOPICS = """
SELECT post.topic_id, count(*) FILTER (WHERE post.position > 1),
       (SELECT section.fold_thanks
          FROM forum_topic AS topic JOIN forum_section AS section ON section.id = topic.section_id
         WHERE topic.id = post.topic_id)
  FROM forum_post AS post
 WHERE post.id = ANY(%(changed)s)
 GROUP BY post.topic_id
"""
UPDATE_TOPICS = f"""
UPDATE forum_topic AS topic
   SET version = version + 1, reply_count = topic.reply_count + %(sign)s * changed.reply_count,
       taken_back_at = CASE WHEN %(sign)s < 0 THEN clock_timestamp() ELSE taken_back_at END,
       last_post_at = last.posted_at, last_post_by_id = last.author_id,
       unread_position = last_unread.position, unread_at = newest_unread.posted_at
  FROM unnest(%(topics)s::bigint[], %(reply_counts)s::int[], %(folding)s::bool[]) AS changed (topic_id,
  reply_count, folding)
 CROSS JOIN LATERAL ({NEWEST.format(visible=IS_VISIBLE, more="")}) AS last
 CROSS JOIN LATERAL ({NEWEST.format(visible=IS_VISIBLE, more=NOT_COLLAPSED)}) AS newest_unread
 CROSS JOIN LATERAL (SELECT position FROM forum_post AS post
                      WHERE post.topic_id = changed.topic_id AND {IS_VISIBLE} {NOT_COLLAPSED}
                      ORDER BY position DESC LIMIT 1) AS last_unread
 WHERE topic.id = changed.topic_id AND topic.id = ANY(%(topics)s)
RETURNING topic.id, topic.section_id
"""  # noqa: S608 - no user input
# The member's own topics that have no visible posts left.
REMOVE_TOPICS = """
WITH removed AS (
    INSERT INTO forum_topicremoval (topic_id, removed_by_id, removed_at, reason, rule_id)
    SELECT topic.id, %(by)s, %(at)s, %(reason)s, %(rule)s
      FROM forum_topic AS topic
     WHERE topic.id = ANY(%(changed_topics)s) AND topic.started_by_id = %(member)s
       AND NOT topic.is_removed AND NOT topic.is_merged
       AND NOT EXISTS (SELECT FROM forum_post AS post WHERE post.topic_id = topic.id
                          AND NOT EXISTS (SELECT FROM forum_removal WHERE post_id = post.id)
                       OFFSET 0) -- so that it is evaluated for each topic
    RETURNING topic_id)
UPDATE forum_topic SET is_removed = TRUE FROM removed WHERE id = removed.topic_id RETURNING id
"""
RESTORE_TOPICS = """
WITH restored AS (
    DELETE FROM forum_topicremoval
     WHERE topic_id = ANY(%(topics)s) AND removed_at = %(at)s AND removed_by_id = %(by)s
    RETURNING topic_id)
UPDATE forum_topic SET is_removed = FALSE, version = version + 1 FROM restored WHERE id = restored.topic_id
RETURNING id, section_id
"""
UPDATE_LIST_VERSION = """
INSERT INTO forum_sectionversion AS list (section_id, shard, number, topics) VALUES (%s, %s, 1, greatest(%s, 0))
ON CONFLICT (section_id, shard) DO UPDATE SET number = list.number + 1, topics = list.topics + %s
"""


class Batch(NamedTuple):
    topics: list[int]
    posts: list[int]  # in those


def batches(posts: list[int]) -> Iterator[Batch]:
    """Yields some hundred topics at a time, in the order of locks. Posts that are moved before their topic is locked
    are left as they are."""
    by_topic: dict[int, list[int]] = {}
    rows = Post.objects.filter(pk__in=posts).order_by("topic_id").values_list("topic_id", "pk")
    for topic, post in rows:
        by_topic.setdefault(topic, []).append(post)
    topics = list(by_topic)
    for start in range(0, len(topics), BATCH):
        batch_topics = topics[start : start + BATCH]
        yield Batch(batch_topics, [post for topic in batch_topics for post in by_topic[topic]])


def removed_by(entry: LogEntry) -> list[int]:
    """Returns the posts that are still removed by this entry."""
    posts = Post.objects.filter(removal__removed_at=entry.at, removal__removed_by=entry.by_id)
    return list(posts.filter(pk__in=entry.facts["after"]["posts"]).values_list("pk", flat=True))


@transaction.atomic
def remove(entry: LogEntry, batch: Batch) -> int:
    """Removes the posts of a batch and returns how many were still visible."""
    params = _parameters(entry, batch)
    with connection.cursor() as cursor:
        cursor.execute(LOCK, params)
        if LogEntry.objects.filter(undoes=entry).exists():
            return 0  # it was undone, which restores what it had removed
        cursor.execute(REMOVE, params)
        changed = [pk for (pk,) in cursor.fetchall()]
        if not changed:
            return 0
        _remove_highlights(changed)
        remove_from_index(changed)
        sections = _update_topics(changed, -1)
        cursor.execute(REMOVE_TOPICS, {**params, "changed_topics": list(sections)})
        _update_list_versions(sections, dict.fromkeys((pk for (pk,) in cursor.fetchall()), -1))
    return len(changed)


@transaction.atomic
def restore(removal_entry: LogEntry, batch: Batch) -> list[int]:
    """Restores the posts of a batch that are still removed by this entry, and returns their ids."""
    params = _parameters(removal_entry, batch)
    with connection.cursor() as cursor:
        cursor.execute(LOCK, params)
        cursor.execute(RESTORE, params)
        changed = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(RESTORE_TOPICS, params)
        restored_topics = dict(cursor.fetchall())
        index_again(changed)
        _update_list_versions(
            {**restored_topics, **_update_topics(changed, 1)}, dict.fromkeys(restored_topics, 1)
        )
    return changed


def _remove_highlights(posts: list[int]) -> None:
    """Removes the highlights of these posts. A highlight is all that kept a thank-you reply from being collapsed."""
    highlighted = Post.objects.filter(pk__in=posts).exclude(highlight=None)
    posts_to_update = list(highlighted.select_related("author", "topic__section"))
    Highlight.objects.filter(post__in=posts_to_update).delete()
    for post in posts_to_update:
        folding.update_collapsed(post.topic, post)


def _parameters(entry: LogEntry, batch: Batch) -> dict[str, Any]:
    return {
        "topics": batch.topics,
        "posts": batch.posts,
        "member": entry.target_id,
        "by": entry.by_id,
        "at": entry.at,
        "reason": entry.why,
        "rule": entry.rule_id,
    }


def _update_topics(changed: list[int], sign: int) -> dict[int, int]:
    """Updates the rows of the topics of these posts, and returns the section of each topic."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGED_TOPICS, {"changed": changed})
        topics, reply_counts, section_folds = (
            zip(*cursor.fetchall(), strict=True) if changed else ((), (), ())
        )
        params: dict[str, Any] = {
            "topics": list(topics),
            "reply_counts": list(reply_counts),
            "folding": list(section_folds),
            "sign": sign,
        }
        cursor.execute(UPDATE_TOPICS, params)
        return dict(cursor.fetchall())


def _update_list_versions(sections: dict[int, int], topic_changes: dict[int, int]) -> None:
    """Updates the list versions of these topics late and in one order, as SectionVersion.objects.bump_all does.
    `sections`: the section of each topic. `topic_changes`: by how many topics its section grows."""
    changes: dict[tuple[int, int], int] = {}
    for topic, section in sections.items():
        shard_key = (section, topic % SHARDS)
        changes[shard_key] = changes.get(shard_key, 0) + topic_changes.get(topic, 0)
    with connection.cursor() as cursor:
        cursor.executemany(
            UPDATE_LIST_VERSION,
            [[section, shard, topics, topics] for (section, shard), topics in sorted(changes.items())],
        )
