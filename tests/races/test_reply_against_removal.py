"""Authors may delete a topic while nobody has replied: of a reply and a deletion at one moment, one wins."""

from uuid import uuid4

import pytest

from forum.access.errors import HasReplies, NotAllowed
from forum.models import Post, Topic, TopicRemoval
from forum.posts import create as posts_create
from moderation.topics.remove import remove_topic
from tests.conftest import start
from tests.races.crowd import count_deadlocks, run_often, slow_inserts, with_random_delay
from tests.races.drift import find_inconsistencies
from tests.support.concurrency import disable_locks, run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)


def race(topic: Topic, author, other) -> list:
    return run_concurrently(
        with_random_delay(
            posts_create.create_reply, topic=topic, by=other, body="In time?", submission_key=uuid4()
        ),
        with_random_delay(remove_topic, topic=topic, by=author),
    )


def both() -> int:
    """Counts topics that their author deleted although another member had replied."""
    return Topic.objects.filter(is_removed=True, last_position__gt=1).count()


@pytest.mark.slow
@run_often(12, 200)
def test_either_reply_or_deletion_succeeds(talk, mia, noor, ada, times):
    replied, before = 0, count_deadlocks()
    with slow_inserts("forum_post", 0.01), slow_inserts("forum_topicremoval", 0.01):
        for _ in range(times):
            reply, removal = race(start(talk, ada), ada, mia)
            assert isinstance(reply, (Post, NotAllowed)), reply
            assert isinstance(removal, (TopicRemoval, HasReplies)), removal
            assert isinstance(reply, Post) != isinstance(removal, TopicRemoval)
            replied += isinstance(reply, Post)
            clear_rate_limits()
    print(
        f"removed with a reply: {both()} of {times} rounds; {replied} replies were first, {times - replied} removals"
    )
    assert (both(), count_deadlocks(), find_inconsistencies()) == (0, before, [])


def clear_rate_limits() -> None:
    from accounts.models import RateCount

    RateCount.objects.all().delete()


def test_control_without_lock_reply_and_deletion_succeed(talk, ada, mia, monkeypatch):
    from forum.models.topic import TopicQuerySet

    topic = start(talk, ada)
    with (
        monkeypatch.context() as patch,
        slow_inserts("forum_post", 0.1),
        slow_inserts("forum_topicremoval", 0.1),
    ):
        disable_locks(patch, TopicQuerySet, people=2)
        race(topic, ada, mia)
    assert both() == 1
