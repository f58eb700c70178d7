"""A member marks all as read while a reply is being posted: its time is in the past when it appears, and it must still
be unread."""

import time
from functools import partial
from uuid import uuid4

import pytest

from forum.models import ReadMark
from forum.posts import create as posts_create
from forum.read_state import mark_all, unread
from tests.conftest import start
from tests.races.crowd import slow_inserts
from tests.support.racing import at_once, only_errors

pytestmark = pytest.mark.django_db(transaction=True)
ON_ITS_WAY, MEANWHILE = 0.5, 0.2  # seconds


def swallowed(topic, ben, cleo, *, after_the_answer: bool) -> bool:
    """Does a reader who has never seen the reply count as having read it? They mark all as read in between, or on a
    page made in between."""

    def mark_all_read() -> None:
        time.sleep(MEANWHILE)
        until = mark_all.latest_settled_time()
        if after_the_answer:
            time.sleep(2 * ON_ITS_WAY)
        mark_all.mark_all_read(by=cleo, until=until)

    answer = partial(posts_create.create_reply, topic=topic, by=ben, body="News", submission_key=uuid4())
    with slow_inserts("forum_post", ON_ITS_WAY):
        assert only_errors(at_once(answer, mark_all_read)) == []
    cleo.refresh_from_db()
    return topic not in unread.unread_topics(cleo)


@pytest.mark.parametrize("after_the_answer", [False, True])
def test_an_answer_on_its_way_stays_unread(talk, ada, ben, cleo, after_the_answer):
    topic = start(talk, ada)
    assert not swallowed(topic, ben, cleo, after_the_answer=after_the_answer)
    assert not ReadMark.objects.filter(member=cleo).exists()


def test_and_without_looking_who_writes_it_would_be_read(talk, ada, ben, cleo, monkeypatch):
    """The control: without checking for writers, the reply would count as read."""
    monkeypatch.setattr(mark_all, "OLDEST_WRITER_SQL", "SELECT NULL::timestamptz")
    assert swallowed(start(talk, ada), ben, cleo, after_the_answer=False)
