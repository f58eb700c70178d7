"""Move posts from one topic to the end of another, with everything that belongs to them."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

from django.db import connection

from accounts.models import User
from forum.access.errors import TooManyHighlights
from forum.models import Highlight, MovedPostStub, Post, StaffReply, Topic
from forum.models.highlight import HIGHLIGHTS_PER_TOPIC
from forum.search_index import store as search_index
from forum.thanks import folding

MOVE_POSTS = """
UPDATE forum_post AS post SET topic_id = %(topic)s, position = moved.position, moved_at = %(at)s
  FROM unnest(%(posts)s::bigint[], %(positions)s::int[]) AS moved (id, position)
 WHERE post.id = moved.id
"""
# A member who had read all of the target topic keeps as read those moved posts that they had read in the source topic,
# by their read mark there or by the time up to which everything counts as read.
MOVE_READ_MARKS = """
INSERT INTO forum_readmark AS mark (member_id, topic_id, position, posted_at, read_at)
SELECT member_id, %(target)s, (%(new)s::int[])[known], (%(times)s::timestamptz[])[known], read_at
  FROM (SELECT read_mark.member_id, member.read_all_until, max(read_mark.read_at) AS read_at,
               max(read_mark.position) FILTER (WHERE read_mark.topic_id = %(target)s) AS reached,
               greatest(
                   width_bucket(
                       coalesce(max(read_mark.position) FILTER (WHERE read_mark.topic_id = %(source)s), 0),
                       %(old)s::int[]),
                   width_bucket(member.read_all_until, %(latest)s::timestamptz[])) AS known
          FROM forum_readmark AS read_mark
          JOIN accounts_user AS member ON member.id = read_mark.member_id
         WHERE read_mark.topic_id IN (%(source)s, %(target)s)
         GROUP BY read_mark.member_id, member.read_all_until) AS reader
 WHERE known > 0 AND (coalesce(reached, 0) >= %(unread_position)s OR read_all_until >= %(unread_at)s)
ON CONFLICT (member_id, topic_id) DO UPDATE
   SET position = excluded.position, posted_at = excluded.posted_at, read_at = excluded.read_at
 WHERE mark.position < excluded.position
"""


def move_to_end(posts: Sequence[Post], *, source: Topic, target: Topic, by: User, at: datetime) -> None:
    """Moves posts of `source`, in their order, to the end of `target`. Call it under the locks of both topics. The
    caller updates the rows of the topics."""
    require_room_for_highlights([post.pk for post in posts], target)
    old_positions = [post.position for post in posts]
    new_positions = [target.last_position + number for number in range(1, len(posts) + 1)]
    MovedPostStub.objects.bulk_create(
        MovedPostStub(topic=source, position=post.position, post=post, moved_by=by, moved_at=at)
        for post in posts
    )
    place_posts([post.pk for post in posts], new_positions, topic=target, at=at)
    decide_collapse_of_first(posts[0].pk, (old_positions[0], new_positions[0]), topic=target)
    times = [post.posted_at for post in posts]
    params: dict[str, Any] = {
        "source": source.pk, "target": target.pk, "old": old_positions, "new": new_positions, "times": times,
        "latest": list(accumulate(times, max)), "unread_at": target.unread_at,
        "unread_position": target.unread_position if target.last_position else 0,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(MOVE_READ_MARKS, params)


def place_posts(posts: Sequence[int], positions: Sequence[int], *, topic: Topic, at: datetime | None) -> None:
    """Puts these posts, given by id, at these free positions of a topic."""
    with connection.cursor() as cursor:
        cursor.execute(
            MOVE_POSTS, {"topic": topic.pk, "at": at, "posts": list(posts), "positions": list(positions)}
        )
    Highlight.objects.filter(post__in=posts).update(topic=topic)
    StaffReply.objects.filter(post__in=posts).update(topic=topic)
    search_index.move_posts(posts, target=topic)


def decide_collapse_of_first(first: int, positions: tuple[int, int], *, topic: Topic) -> None:
    """Decides again whether the first of the moved posts, given by id with its old and new position, is collapsed as a
    thank-you reply. Only the first can have been, or have become, an original post, which is never collapsed. Call it
    before the topic's newest posts are computed."""
    if 1 in positions:
        folding.update_collapsed(topic, Post.objects.locked(first))


def count_replies(posts: Sequence[Post]) -> int:
    """Returns how many of the posts are not removed."""
    return sum(not post.is_removed for post in posts)


def require_room_for_highlights(posts: Sequence[int], target: Topic) -> None:
    """Raises TooManyHighlights if the highlights of these posts, given by id, do not fit into the target topic."""
    incoming = Highlight.objects.filter(post__in=posts).count()
    if incoming and incoming + target.highlights.count() > HIGHLIGHTS_PER_TOPIC:
        raise TooManyHighlights
