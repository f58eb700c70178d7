"""Raises the reason why a person may not write somewhere. Called before a form is shown, and again under the lock."""

from accounts.models import User
from forum.access import permissions
from forum.access.errors import not_open_error, require
from forum.models import Post, Section, Topic


def require_may_start_topic(by: User, section: Section) -> None:
    require(permissions.can_start_topic(by, section))


def require_may_reply(by: User, topic: Topic) -> None:
    if not permissions.can_reply(by, topic):
        raise not_open_error(topic, could_write_if_open=permissions.can_reply_in(by, topic.section))


def require_may_edit(by: User, post: Post) -> None:
    if not permissions.can_edit(by, post):
        raise not_open_error(post.topic, could_write_if_open=post.author_id == by.pk and not post.is_removed)


def require_may_rename(by: User, topic: Topic) -> None:
    if not permissions.can_rename(by, topic):
        raise not_open_error(topic, could_write_if_open=topic.started_by_id == by.pk)
