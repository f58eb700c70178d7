"""A member marks all as read while a reply is being posted: its time is in the past when it appears, and it must still
be unread."""

import time
from functools import partial
from uuid import uuid4

import pytest

from forum.models import ReadMark
from forum.posts import create as posts_create
from forum.read_state import mark_all
from forum.read_state.unread_topics import unread_topics
from tests.conftest import start
from tests.races.crowd import slow_inserts
from tests.support.concurrency import only_errors, run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)
INSERT_SECONDS, MARK_AFTER = 0.5, 0.2  # seconds


def reply_counts_as_read(topic, ben, cleo, *, after_the_reply: bool) -> bool:
    """Does a reader who has never seen the reply count as having read it? They mark all as read in between, or on a
    page made in between."""

    def mark_all_read() -> None:
        time.sleep(MARK_AFTER)
        until = mark_all.latest_settled_time()
        if after_the_reply:
            time.sleep(2 * INSERT_SECONDS)
        mark_all.mark_all_read(by=cleo, until=until)

    answer = partial(posts_create.create_reply, topic=topic, by=ben, body="News", submission_key=uuid4())
    with slow_inserts("forum_post", INSERT_SECONDS):
        assert only_errors(run_concurrently(answer, mark_all_read)) == []
    cleo.refresh_from_db()
    return topic not in unread_topics(cleo)


@pytest.mark.slow
@pytest.mark.parametrize("after_the_reply", [False, True])
def test_reply_posted_during_mark_all_read_stays_unread(talk, ada, ben, cleo, after_the_reply):
    topic = start(talk, ada)
    assert not reply_counts_as_read(topic, ben, cleo, after_the_reply=after_the_reply)
    assert not ReadMark.objects.filter(member=cleo).exists()


@pytest.mark.slow
def test_control_without_writer_check_reply_counts_as_read(talk, ada, ben, cleo, monkeypatch):
    """The control: without checking for writers, the reply would count as read."""
    monkeypatch.setattr(mark_all, "OLDEST_WRITER_SQL", "SELECT NULL::timestamptz")
    assert reply_counts_as_read(start(talk, ada), ben, cleo, after_the_reply=False)
