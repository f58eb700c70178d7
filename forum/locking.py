"""Lock a post together with the topic that it is in, in the order that everybody keeps: topic, post."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from forum.models import Post, Topic
from forum.refusals import MovedMeanwhile

TRIES = 5  # a post that is moved as often as that within one act is moved by a machine

T = TypeVar("T")


def locked(post: Post) -> tuple[Topic, Post]:
    """Both rows as they are now. Whoever moves a post holds its topic, so it stays where it is while we hold that; if
    it went elsewhere before, the act begins again with what is there now."""
    topic = Topic.objects.locked(post.topic_id)
    post = Post.objects.locked(post.pk)
    if post.topic_id != topic.pk:
        raise MovedMeanwhile
    return topic, post


def locked_wherever(pk: int) -> tuple[Topic, Post]:
    """As `locked`, for acts that follow the post to the topic where it is by now."""

    def there() -> tuple[Topic, Post]:
        with (
            transaction.atomic()
        ):  # ends the locks on a topic that the post has left: they would be out of order
            return locked(Post.objects.only("topic_id").get(pk=pk))

    return begin_again(there)


def begin_again(act: Callable[[], T], *, tries: int = TRIES) -> T:
    """Call the act again where a post was moved before it had its locks. It must look at the post anew each time, and
    be a transaction of its own."""
    for _ in range(tries - 1):
        try:
            return act()
        except MovedMeanwhile:
            continue
    return act()
