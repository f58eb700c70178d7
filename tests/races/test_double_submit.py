"""Twenty identical submissions at once make one post, and all twenty responses redirect to it."""

from functools import partial
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from forum.models import Post, Topic
from forum.posts import create as posts_create
from tests.conftest import start
from tests.races.crowd import run_often, slow_inserts
from tests.support.concurrency import only_errors, run_concurrently
from tests.support.granian import ask, cookies_of, served

pytestmark = pytest.mark.django_db(transaction=True)
CLICKS = 20


@pytest.fixture
def no_unique_submissions(transactional_db):
    """Drops the constraint from the database until the test is over."""
    key = next(c for c in Post._meta.constraints if c.name == "one_post_per_submission")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Post, key)
    yield
    Post.objects.filter(position__gt=1).delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Post, key)


def submit_concurrently(act, **fields) -> list:
    """Sends the same submission from so many tabs at once."""
    return run_concurrently(*[partial(act, submission_key=uuid4(), **fields)] * CLICKS)


@pytest.mark.slow
@run_often(2, 200)
def test_concurrent_submissions_make_one_reply(talk, ada, mia, times):
    duplicates = 0
    for _ in range(times):
        topic = start(talk, mia)
        outcomes = submit_concurrently(posts_create.create_reply, topic=topic, by=mia, body="Once.")
        assert only_errors(outcomes) == []
        assert len({post.pk for post in outcomes}) == 1
        topic.refresh_from_db()
        duplicates += topic.posts.count() - 2
        assert (topic.last_position, topic.reply_count) == (2, 1)
    print(f"duplicate replies: {duplicates} of {times} rounds with {CLICKS} clicks")
    assert duplicates == 0


@run_often(1, 50)
def test_concurrent_submissions_make_one_topic(talk, mia, times):
    for number in range(times):
        outcomes = submit_concurrently(
            posts_create.start_topic, section=talk, by=mia, title="Once", body="Once."
        )
        assert only_errors(outcomes) == []
        assert len({topic.pk for topic in outcomes}) == 1
        assert Topic.objects.count() == Post.objects.count() == number + 1


@pytest.mark.slow
def test_rate_limited_member_gets_the_one_post_for_every_submission(topic, cleo):
    """More clicks than a minute allows posts."""
    outcomes = submit_concurrently(posts_create.create_reply, topic=topic, by=cleo, body="Once.")
    assert len({post.pk for post in outcomes}) == 1


@pytest.mark.slow
def test_control_without_unique_key_duplicates_arise(talk, ada, mia, no_unique_submissions):
    topic = start(talk, ada)
    submit_concurrently(posts_create.create_reply, topic=topic, by=mia, body="Once.")
    assert topic.posts.count() > 2


@pytest.mark.slow
def test_concurrent_http_submissions_to_two_processes_make_one_post(topic, cleo):
    """Twenty browsers, a real server, and a window wide enough for all of them to be in it."""
    fields = {"body": "Once.", "submission_key": str(uuid4())}
    cookies, together, answers = cookies_of(cleo), Barrier(CLICKS), []

    def click(port: int) -> None:
        together.wait()
        answer = ask(port, "POST", topic.url_for("reply"), fields, **cookies)
        answers.append((answer.status, answer.getheader("Location")))

    with slow_inserts("forum_post", 0.05), served(workers=2) as port:
        clicks = [Thread(target=click, args=[port]) for _ in range(CLICKS)]
        for thread in clicks:
            thread.start()
        for thread in clicks:
            thread.join()
    post = topic.posts.get(position=3)
    assert answers == [(302, f"/p/{post.pk}/")] * CLICKS
    assert topic.posts.count() == 3
