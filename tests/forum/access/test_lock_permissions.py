"""A lock with a permission: without it nobody gets past the lock."""

from functools import partial

import pytest
from django.db import transaction

from forum.access import permissions
from forum.access.errors import NotAllowed
from forum.access.locks import lock_post, lock_topic, lock_topics
from tests.conftest import start

pytestmark = pytest.mark.django_db


def locks_of(topic, post, other, by) -> list:
    return [
        partial(lock_topic, topic, by=by, if_may=permissions.can_pin),
        partial(lock_topics, topic.pk, other.pk, by=by, if_may=permissions.can_move),
        partial(lock_post, post, by=by, if_may=permissions.can_highlight),
    ]


@transaction.atomic
def test_with_the_permission(topic, bens, talk, ada, mia):
    other = start(talk, ada, "The other")
    assert [lock() for lock in locks_of(topic, bens, other, mia)] == [topic, (topic, other), (topic, bens)]


@transaction.atomic
def test_without_the_permission(topic, bens, talk, ada):
    locks = locks_of(topic, bens, start(talk, ada, "The other"), ada)
    for lock in [*locks, partial(lock_post, bens, by=None, if_may=permissions.can_highlight)]:
        with pytest.raises(NotAllowed):
            lock()
