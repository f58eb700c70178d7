"""A reply and a close at the same moment: the reply is in before the close, or it is rejected. Never after."""

from functools import partial
from uuid import uuid4

import pytest
from django.db import connection

from forum.access.errors import TopicIsClosed
from forum.models import Closure, Post
from forum.models.topic import TopicQuerySet
from forum.posts import create as posts_create
from moderation.topics.close import close_topic
from tests.conftest import start
from tests.races.crowd import run_often, slow_inserts, with_random_delay
from tests.support.concurrency import disable_locks, run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def require_commit_timestamps(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW track_commit_timestamp")
        if cursor.fetchone() != ("on",):
            pytest.skip("this server keeps no commit times (track_commit_timestamp)")


def count_replies_after_close() -> int:
    """Counts replies whose transaction was committed after that of their topic's closure."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM forum_post post JOIN forum_closure closure USING (topic_id)"
            " WHERE post.position > 1"
            " AND pg_xact_commit_timestamp(post.xmin) > pg_xact_commit_timestamp(closure.xmin)"
        )
        return cursor.fetchone()[0]


def race(topic, member, moderator) -> list:
    return run_concurrently(
        with_random_delay(
            posts_create.create_reply, topic=topic, by=member, body="In time?", submission_key=uuid4()
        ),
        with_random_delay(close_topic, topic=topic, by=moderator, reason="Solved."),
    )


@pytest.mark.slow
@run_often(12, 200)
def test_no_reply_is_committed_after_close(talk, ada, mia, noor, times):
    refused = 0
    with slow_inserts("forum_post", 0.01), slow_inserts("forum_closure", 0.01):
        for _ in range(times):
            reply, closure = race(start(talk, mia), noor, mia)
            assert isinstance(closure, Closure)
            assert isinstance(reply, (Post, TopicIsClosed))
            refused += isinstance(reply, TopicIsClosed)
    late = count_replies_after_close()
    print(
        f"replies after the close: {late} of {times} rounds; {times - refused} were in time, {refused} refused"
    )
    assert late == 0
    assert Post.objects.filter(position=2).count() == times - refused


@pytest.mark.slow
def test_control_without_lock_replies_follow_close(talk, ada, mia, noor, monkeypatch):
    late_in = 3
    for _ in range(late_in):
        topic = start(talk, mia)
        with monkeypatch.context() as patch, slow_inserts("forum_post", 0.1):
            disable_locks(patch, TopicQuerySet, people=2)
            run_concurrently(
                partial(
                    posts_create.create_reply, topic=topic, by=noor, body="Late.", submission_key=uuid4()
                ),
                partial(close_topic, topic=topic, by=mia, reason="Solved."),
            )
    assert count_replies_after_close() == late_in
