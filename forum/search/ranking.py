"""Which topics answer a query best. Only the newest matches are compared, and only the best hundred topics are ranked
in detail: a rank reads the whole entry of a post."""

import math
from collections import defaultdict
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from forum.search.matches import Match, Scope, newest_matches

COMPARED_MAX = 2_000  # posts
TITLES_MAX = 200
RANKED_MAX = 100  # topics
POSTS_RANKED = 5  # of each of them, the newest ones and the original post

# What a topic's rank is made of.
TITLE_WEIGHT = 1.0  # all words are in its title
BEST_WEIGHT = 1.0  # of the best of its posts, between 0 and 1
NUMBER_WEIGHT = 0.1  # for each doubling of its matching posts
AGE_WEIGHT = 0.1  # for each doubling of the months since its newest matching post

RANK = """
SELECT post_id, ts_rank_cd(words, %(words)s::tsquery, 1 | 32) FROM forum_searchentry WHERE post_id = ANY(%(posts)s)
"""


@dataclass(frozen=True)
class TopicHit:
    """A topic that matches."""

    topic: int
    post: int  # its best matching post
    more: int  # how many other posts match, among those compared


@dataclass(frozen=True)
class Ranking:
    hits: list[TopicHit]
    topics: int  # how many match, among the posts compared
    is_complete: bool  # all matching posts were compared


def rank_topics(scope: Scope) -> Ranking:
    matches = newest_matches(scope, scope.words, limit=COMPARED_MAX + 1)
    is_complete = len(matches) <= COMPARED_MAX
    titles = newest_matches(scope, scope.title, limit=TITLES_MAX) if scope.title else []
    in_title = {match.topic: match.post for match in titles}
    by_topic: dict[int, list[Match]] = defaultdict(list)
    for match in dict.fromkeys([*matches[:COMPARED_MAX], *titles]):
        by_topic[match.topic].append(match)
    promising = sorted(by_topic, key=lambda topic: _promise(by_topic[topic], topic in in_title), reverse=True)
    best = promising[:RANKED_MAX]
    ranks = _ranks(scope.words, [match.post for topic in best for match in _ranked(by_topic[topic])])
    scored = []
    for topic in best:
        posts = by_topic[topic]
        rank, post = max((ranks.get(match.post, 0.0), match.post) for match in _ranked(posts))
        score = _promise(posts, topic in in_title) + BEST_WEIGHT * rank
        scored.append((score, TopicHit(topic, post, more=len(posts) - 1)))
    scored.sort(key=lambda pair: (-pair[0], -pair[1].topic))
    return Ranking([hit for _, hit in scored], len(by_topic), is_complete)


def _promise(posts: list[Match], is_in_title: bool) -> float:
    """Returns what is known of a topic's rank without reading entries."""
    months = (timezone.now() - max(post.posted_at for post in posts)).days / 30
    return (
        TITLE_WEIGHT * is_in_title
        + NUMBER_WEIGHT * math.log2(len(posts) + 1)
        - AGE_WEIGHT * math.log2(max(months, 0) + 1)
    )


def _ranked(posts: list[Match]) -> list[Match]:
    """Returns the posts of a topic of which the best one is shown."""
    oldest = min(posts, key=lambda post: post.post)
    return [oldest, *(post for post in posts[:POSTS_RANKED] if post != oldest)]


def _ranks(words: str, posts: list[int]) -> dict[int, float]:
    if not words:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(RANK, {"words": words, "posts": posts})
        return dict(cursor.fetchall())
