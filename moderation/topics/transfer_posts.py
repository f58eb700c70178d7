"""Take posts out of one topic and put them at the end of another, with all that hangs on them."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

from django.db import connection

from accounts.models import User
from forum.access.errors import TooManyHighlights
from forum.models import Highlight, MovedPost, Post, StaffReply, Topic
from forum.models.limits import HIGHLIGHTS_PER_TOPIC
from forum.thanks import folding

PUT = """
UPDATE forum_post AS post SET topic_id = %(topic)s, position = place.position, moved_at = %(at)s
  FROM unnest(%(posts)s::bigint[], %(positions)s::int[]) AS place (id, position)
 WHERE post.id = place.id
"""
# Who had read all of the topic that they come to has read, of those that come, what they had read before: a beginning
# of them, by their mark where they come from or by the moment up to which everything counts as read.
CARRY_MARKS = """
INSERT INTO forum_readmark AS mark (member_id, topic_id, position, posted_at, read_at)
SELECT member_id, %(target)s, (%(new)s::int[])[known], (%(times)s::timestamptz[])[known], read_at
  FROM (SELECT theirs.member_id, member.caught_up_at, max(theirs.read_at) AS read_at,
               max(theirs.position) FILTER (WHERE theirs.topic_id = %(target)s) AS reached,
               greatest(
                   width_bucket(
                       coalesce(max(theirs.position) FILTER (WHERE theirs.topic_id = %(source)s), 0),
                       %(old)s::int[]),
                   width_bucket(member.caught_up_at, %(latest)s::timestamptz[])) AS known
          FROM forum_readmark AS theirs
          JOIN accounts_user AS member ON member.id = theirs.member_id
         WHERE theirs.topic_id IN (%(source)s, %(target)s)
         GROUP BY theirs.member_id, member.caught_up_at) AS reader
 WHERE known > 0 AND (coalesce(reached, 0) >= %(news_position)s OR caught_up_at >= %(news_at)s)
ON CONFLICT (member_id, topic_id) DO UPDATE
   SET position = excluded.position, posted_at = excluded.posted_at, read_at = excluded.read_at
 WHERE mark.position < excluded.position
"""


def carry(posts: Sequence[Post], *, source: Topic, target: Topic, by: User, at: datetime) -> None:
    """The posts of `source`, in their order, become the last of `target`. Call it under the locks of both topics.
    What their rows must say afterwards is for the act to write."""
    require_room_for_highlights([post.pk for post in posts], target)
    old = [post.position for post in posts]
    new = [target.last_position + number for number in range(1, len(posts) + 1)]
    MovedPost.objects.bulk_create(
        MovedPost(topic=source, position=post.position, post=post, moved_by=by, moved_at=at) for post in posts
    )
    put([post.pk for post in posts], new, topic=target, at=at)
    decide_folding(posts[0].pk, (old[0], new[0]), topic=target)
    times = [post.posted_at for post in posts]
    terms: dict[str, Any] = {
        "source": source.pk, "target": target.pk, "old": old, "new": new, "times": times,
        "latest": list(accumulate(times, max)), "news_at": target.news_at,
        "news_position": target.news_position if target.last_position else 0,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(CARRY_MARKS, terms)


def put(posts: Sequence[int], positions: Sequence[int], *, topic: Topic, at: datetime | None) -> None:
    """These posts, by id, to these free positions of a topic."""
    with connection.cursor() as cursor:
        cursor.execute(PUT, {"topic": topic.pk, "at": at, "posts": list(posts), "positions": list(positions)})
    Highlight.objects.filter(post__in=posts).update(topic=topic)
    StaffReply.objects.filter(post__in=posts).update(topic=topic)


def decide_folding(first: int, positions: tuple[int, int], *, topic: Topic) -> None:
    """Of the first of the posts that came to a topic, by id, from one position to another. Only it can have begun a
    topic, or begin one now: an original post never folds, and an answer may. Call it before its news are counted."""
    if 1 in positions:
        folding.decide_again(topic, Post.objects.locked(first))


def answers_among(posts: Sequence[Post]) -> int:
    """Those that stand, wherever they come to: every post but an original is an answer."""
    return sum(not post.is_removed for post in posts)


def require_room_for_highlights(posts: Sequence[int], target: Topic) -> None:
    """For those of these posts, by id."""
    coming = Highlight.objects.filter(post__in=posts).count()
    if coming and coming + target.highlights.count() > HIGHLIGHTS_PER_TOPIC:
        raise TooManyHighlights
