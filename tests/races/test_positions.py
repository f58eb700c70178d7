"""Twenty replies at once: every position is given once, none is left out, and the counts are right."""

from functools import partial

import pytest

from forum.models.topic import TopicQuerySet
from tests.conftest import reply_to, start
from tests.races.crowd import crowd, run_often, slow_inserts
from tests.support.concurrency import disable_locks, only_errors, run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 20


@pytest.mark.slow
@run_often(2, 100)
def test_concurrent_replies_get_unique_consecutive_positions(talk, ada, times):
    writers = crowd(WRITERS, "moderator")
    for _ in range(times):
        topic = start(talk, writers[0])
        outcomes = run_concurrently(*(partial(reply_to, topic, writer) for writer in writers))
        assert only_errors(outcomes) == []
        topic.refresh_from_db()
        posts = list(topic.posts.order_by("position"))
        assert [post.position for post in posts] == list(range(1, WRITERS + 2))
        assert (topic.last_position, topic.reply_count) == (WRITERS + 1, WRITERS)
        assert (topic.last_post_by_id, topic.last_post_at) == (posts[-1].author_id, posts[-1].posted_at)
        assert {post.author_id for post in posts[1:]} == {writer.pk for writer in writers}
    print(f"positions: {times} rounds of {WRITERS} writers, no gap, no twin, counts exact")


@pytest.mark.slow
def test_control_without_lock_replies_are_lost(talk, ada, monkeypatch):
    """Everybody takes the same position, and the unique key of the database rejects all but one."""
    writers, topic = crowd(8, "moderator"), start(talk, ada)
    disable_locks(monkeypatch, TopicQuerySet, people=len(writers))
    with slow_inserts("forum_post", 0.02):
        outcomes = run_concurrently(*(partial(reply_to, topic, writer) for writer in writers))
    assert len(only_errors(outcomes)) == len(writers) - 1
