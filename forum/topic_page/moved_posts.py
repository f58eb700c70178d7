"""The places of a page that posts have left, put before the posts that stand after them."""

from forum.models import MovedPost, Post, Topic
from forum.models.limits import POSTS_PER_PAGE


def put_places_left(posts: list[Post], topic: Topic, number: int) -> tuple[MovedPost, ...]:
    """Those at the end of the page are given back, since no post stands after them. Nothing is asked where every
    position of the page has its post."""
    first = (number - 1) * POSTS_PER_PAGE + 1
    last = min(first + POSTS_PER_PAGE - 1, topic.last_position)
    if len(posts) > last - first:
        return ()
    left = list(
        MovedPost.objects.filter(topic=topic, position__range=(first, last))
        .select_related("post__author", "moved_by")
        .only("topic", "position", "moved_at", "moved_by__name", "post__author__name")
        .order_by("position")
    )
    begins = 0
    for post in posts:
        ends = begins + sum(place.position < post.position for place in left[begins:])
        post.left_before, begins = tuple(left[begins:ends]), ends
    return tuple(left[begins:])
