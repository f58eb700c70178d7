"""Look up the topic of a URL for staff who can manage it."""

from collections.abc import Callable

from accounts.access.decorators import MemberRequest
from forum.access.lookup import visible_topic
from forum.access.require import require
from forum.models import Topic

Permission = Callable[..., bool]


def managed_topic(request: MemberRequest, pk: int, may: Permission) -> Topic:
    """Returns the topic if the reader has this permission. Responds with 404 or 403 otherwise."""
    topic = visible_topic(request.user, pk)
    require(may(request.user, topic))
    return topic
