"""The topic of a URL, for those who may manage it."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied

from accounts.access.decorators import MemberRequest
from forum.access.lookup import visible_topic
from forum.models import Topic

Right = Callable[..., bool]


def managed_topic(request: MemberRequest, pk: int, may: Right) -> Topic:
    topic = visible_topic(request.user, pk)
    if not may(request.user, topic):
        raise PermissionDenied
    return topic
