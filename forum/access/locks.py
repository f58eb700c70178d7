"""Locks what an action is about, then reads the acting person again. Everywhere in this order: topic, post, person.

`if_may` is the permission that the action needs: it is checked under the locks, and NotAllowed is raised without it."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from accounts.access.actor import reload_and_lock
from accounts.models import User
from forum.access.errors import PostMoved
from forum.access.require import require
from forum.models import Post, Topic

TRIES = 5  # a post that is moved more often within one action is moved by a program

T = TypeVar("T")


def lock_post(
    post: Post, *, by: User | None, if_may: Callable[[User, Post], bool] | None = None
) -> tuple[Topic, Post]:
    """Locks topic and post and returns them as they are now; locks `by` too, if given. Moving a post locks its topic,
    so the post stays there while we hold the lock. If it was moved before, raises PostMoved."""
    topic = Topic.objects.locked(post.topic_id)
    post = Post.objects.locked(post.pk)
    if post.topic_id != topic.pk:
        raise PostMoved
    if by:
        reload_and_lock(by)
    if if_may:
        require(by is not None and if_may(by, post))
    return topic, post


def lock_topic(topic: Topic, *, by: User, if_may: Callable[[User, Topic], bool] | None = None) -> Topic:
    """Locks the topic and `by`, and returns the topic as it is now."""
    topic = Topic.objects.locked(topic.pk)
    reload_and_lock(by)
    if if_may:
        require(if_may(by, topic))
    return topic


def lock_topics(
    one: int, other: int, *, by: User, if_may: Callable[[User, Topic], bool] | None = None
) -> tuple[Topic, Topic]:
    """Locks two topics and `by`, and returns the topics as they are now, in the given order."""
    topics = Topic.objects.locked_both(one, other)
    reload_and_lock(by)
    if if_may:
        require(all(if_may(by, topic) for topic in topics))
    return topics


def lock_post_anywhere(pk: int) -> tuple[Topic, Post]:
    """Like `lock_post`, for actions that follow a moved post to its new topic."""

    def lock_current() -> tuple[Topic, Post]:
        with (
            transaction.atomic()
        ):  # releases the lock on a topic that the post has left: it would be out of order
            return lock_post(Post.objects.only("topic_id").get(pk=pk), by=None)

    return retry_if_moved(lock_current)


def retry_if_moved(act: Callable[[], T], *, tries: int = TRIES) -> T:
    """Calls the action again if a post was moved before it was locked. The action must read the post each time, and be
    a transaction of its own."""
    for _ in range(tries - 1):
        try:
            return act()
        except PostMoved:
            continue
    return act()
