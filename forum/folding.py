"""Replies that are only thanks stand folded on their page, and are no news. Whether a post folds is decided where it is
written, and again by each act that touches it; reading never asks.

What staff say, an original post, and what is highlighted never fold; nor what somebody unfolded for good."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.record import record
from forum import permissions
from forum.models import Highlight, Post, Section, Topic, Unfolding
from forum.refusals import NotAllowed
from forum.thanks_only import is_only_thanks


def reply_folds(body: str, *, by: User) -> bool:
    return not by.is_official and is_only_thanks(body)


@transaction.atomic
def unfold(*, post: Post, by: User) -> bool:
    """Let the post stand among the others for good; False if it did."""
    topic = Topic.objects.locked(post.topic_id)
    post = Post.objects.locked(post.pk)
    if not permissions.can_unfold(by, post):
        raise NotAllowed
    if not post.folds:
        return False
    Unfolding.objects.create(post=post, unfolded_by=by)
    topic.change(**decide_again(topic, post))
    if post.author_id != by.pk:
        record("unfold", by=by, target=post, name=topic.title, topic_id=topic.pk)
    return True


def decide_again(topic: Topic, post: Post) -> dict[str, Any]:
    """Call it under both locks, after whatever has changed; gives what the topic's row must say now."""
    folds = _would_fold(post)
    if folds == post.folds:
        return {}
    post.folds = folds
    Post.objects.filter(pk=post.pk).update(folds=folds)
    return newest_news(topic)


def newest_news(topic: Topic) -> dict[str, Any]:
    """As `Topic.news_position` and `news_at`. The original post counts even when it is removed. Read backwards along
    the positions, so it costs what is no news at the end and no more."""
    last = news_in(topic).order_by("-position").only("position", "posted_at")[0]
    return {"news_position": last.position, "news_at": last.posted_at}


def news_in(topic: Topic) -> QuerySet[Post]:
    standing = topic.posts.filter(Q(position=1) | Q(removal=None))
    return standing.filter(folds=False) if topic.section.fold_thanks else standing


LOCK_FOLDING = """
SELECT id FROM forum_topic AS topic
 WHERE section_id = %s AND EXISTS (SELECT FROM forum_post WHERE topic_id = topic.id AND folds)
 ORDER BY id FOR NO KEY UPDATE
"""
COUNT_AGAIN = """
UPDATE forum_topic AS topic SET news_position = news.position, news_at = news.posted_at
  FROM (SELECT DISTINCT ON (post.topic_id) post.topic_id, post.position, post.posted_at
          FROM forum_post AS post
         WHERE post.topic_id IN (SELECT thanks.topic_id FROM forum_post AS thanks
                                   JOIN forum_topic ON forum_topic.id = thanks.topic_id
                                  WHERE thanks.folds AND forum_topic.section_id = %(section)s)
           AND (post.position = 1 OR NOT EXISTS (SELECT FROM forum_removal WHERE forum_removal.post_id = post.id))
           AND NOT (post.folds AND %(folding)s)
         ORDER BY post.topic_id, post.position DESC) AS news
 WHERE news.topic_id = topic.id
"""


def count_again(section: Section) -> None:
    """Its rule was switched: thanks are news there, or are none any more. Two statements on purpose: the second sees
    what was answered before we had the locks."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_FOLDING, [section.pk])
        cursor.execute(COUNT_AGAIN, {"section": section.pk, "folding": section.fold_thanks})


def _would_fold(post: Post) -> bool:
    return (
        not post.is_original
        and reply_folds(post.body, by=post.author)
        and not Highlight.objects.filter(post=post.pk).exists()
        and not Unfolding.objects.filter(post=post.pk).exists()
    )
