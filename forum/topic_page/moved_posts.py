"""Positions on a page whose posts were moved. They are shown before the next post."""

from typing import NamedTuple

from forum.models import MovedPostStub, Post, Topic
from forum.models.page_sizes import POSTS_PER_PAGE


class MovedPostStubs(NamedTuple):
    before: dict[int, tuple[MovedPostStub, ...]]  # by the id of the next post
    at_end: tuple[MovedPostStub, ...]


def moved_post_stubs(posts: list[Post], topic: Topic, number: int) -> MovedPostStubs:
    """Returns those of page `number`, whose `posts` are in order. No query if every position has its post."""
    first = (number - 1) * POSTS_PER_PAGE + 1
    last = min(first + POSTS_PER_PAGE - 1, topic.last_position)
    if len(posts) > last - first:
        return MovedPostStubs({}, ())
    stubs = list(
        MovedPostStub.objects.filter(topic=topic, position__range=(first, last))
        .select_related("post__author", "moved_by")
        .only("topic", "position", "moved_at", "moved_by__name", "post__author__name")
        .order_by("position")
    )
    before, start = {}, 0
    for post in posts:
        end = start + sum(stub.position < post.position for stub in stubs[start:])
        before[post.pk], start = tuple(stubs[start:end]), end
    return MovedPostStubs(before, tuple(stubs[start:]))
