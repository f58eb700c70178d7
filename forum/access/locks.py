"""Lock what an act is about, and then read again who acts, in the order that everybody keeps: topic, post, person."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from accounts.access import actor as acting
from accounts.models import User
from forum.access.errors import MovedMeanwhile
from forum.models import Post, Topic

TRIES = 5  # a post that is moved as often as that within one act is moved by a machine

T = TypeVar("T")


def locked(post: Post, *, by: User | None) -> tuple[Topic, Post]:
    """Topic and post as they are now, and `by` too, if anybody's rights are asked. Whoever moves a post holds its
    topic, so it stays where it is while we hold that; if it went elsewhere before, the act begins again with what is
    there now."""
    topic = Topic.objects.locked(post.topic_id)
    post = Post.objects.locked(post.pk)
    if post.topic_id != topic.pk:
        raise MovedMeanwhile
    if by:
        acting.hold(by)
    return topic, post


def locked_topic(topic: Topic, *, by: User) -> Topic:
    """The topic as it is now, and `by` too."""
    topic = Topic.objects.locked(topic.pk)
    acting.hold(by)
    return topic


def locked_topics(one: int, other: int, *, by: User) -> tuple[Topic, Topic]:
    """Two topics as they are now, in the order asked for, and `by` too."""
    topics = Topic.objects.locked_both(one, other)
    acting.hold(by)
    return topics


def locked_wherever(pk: int) -> tuple[Topic, Post]:
    """As `locked`, for acts that follow the post to the topic where it is by now."""

    def there() -> tuple[Topic, Post]:
        with (
            transaction.atomic()
        ):  # ends the locks on a topic that the post has left: they would be out of order
            return locked(Post.objects.only("topic_id").get(pk=pk), by=None)

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
