"""Raises the reason why a person may not write somewhere. Called before a form is shown, and again under the lock."""

from accounts.models import User
from core.web.action_errors import ActionError
from forum.access import permissions
from forum.access.errors import NotAllowed, TopicIsClosed, TopicIsMerged
from forum.models import Post, Section, Topic


def require(may: bool) -> None:
    """Raises NotAllowed unless the person has the permission."""
    if not may:
        raise NotAllowed


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


def not_open_error(topic: Topic, *, could_write_if_open: bool) -> ActionError:
    """Returns the error for a topic that cannot be written in: that it is merged or closed only if the
    person could write there otherwise."""
    if topic.is_merged and could_write_if_open:
        return TopicIsMerged(topic, topic.merging.into)
    return TopicIsClosed(topic) if topic.is_closed and could_write_if_open else NotAllowed()
