"""Locks what an action is about, then reads the acting person again. Everywhere in this order: topic, post, person."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from accounts.access import actor as acting
from accounts.models import User
from forum.access.errors import MovedMeanwhile
from forum.models import Post, Topic

TRIES = 5  # a post that is moved more often within one action is moved by a program

T = TypeVar("T")


def locked(post: Post, *, by: User | None) -> tuple[Topic, Post]:
    """Locks topic and post and returns them as they are now; locks `by` too, if given. Moving a post locks its topic,
    so the post stays there while we hold the lock. If it was moved before, raises MovedMeanwhile."""
    topic = Topic.objects.locked(post.topic_id)
    post = Post.objects.locked(post.pk)
    if post.topic_id != topic.pk:
        raise MovedMeanwhile
    if by:
        acting.hold(by)
    return topic, post


def locked_topic(topic: Topic, *, by: User) -> Topic:
    """Locks the topic and `by`, and returns the topic as it is now."""
    topic = Topic.objects.locked(topic.pk)
    acting.hold(by)
    return topic


def locked_topics(one: int, other: int, *, by: User) -> tuple[Topic, Topic]:
    """Locks two topics and `by`, and returns the topics as they are now, in the given order."""
    topics = Topic.objects.locked_both(one, other)
    acting.hold(by)
    return topics


def locked_wherever(pk: int) -> tuple[Topic, Post]:
    """Like `locked`, for actions that follow a moved post to its new topic."""

    def there() -> tuple[Topic, Post]:
        with (
            transaction.atomic()
        ):  # releases the lock on a topic that the post has left: it would be out of order
            return locked(Post.objects.only("topic_id").get(pk=pk), by=None)

    return begin_again(there)


def begin_again(act: Callable[[], T], *, tries: int = TRIES) -> T:
    """Calls the action again if a post was moved before it was locked. The action must read the post each time, and be
    a transaction of its own."""
    for _ in range(tries - 1):
        try:
            return act()
        except MovedMeanwhile:
            continue
    return act()
