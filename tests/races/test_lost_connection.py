"""A process that dies in the middle of posting releases its locks: the member posts again at once."""

import threading
import time

import pytest
from django.db import OperationalError, connection

from forum.models import Post
from tests.conftest import reply_to
from tests.races.crowd import run_often, slow_inserts
from tests.support import costs
from tests.support.concurrency import run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)


def terminate_inserting_connection() -> None:
    """Closes the connection that is in the middle of inserting a post."""
    deadline = time.monotonic() + 120
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event = 'PgSleep'"
            )
            if cursor.fetchall():
                return
            time.sleep(0.01)
    raise AssertionError("nobody was posting")


@pytest.mark.slow
@run_often(2, 50)
def test_member_can_post_after_lost_connection(topic, ada, noor, times):
    slowest = 0.0
    for _ in range(times):
        positions = list(topic.posts.values_list("position", flat=True))
        with slow_inserts("forum_post", 30):
            outcomes = run_concurrently(
                lambda: reply_to(topic, noor, "Cut short"), terminate_inserting_connection
            )
        assert isinstance(outcomes[0], OperationalError)
        assert list(topic.posts.values_list("position", flat=True)) == positions
        began = time.monotonic()
        post = run_concurrently(lambda: reply_to(topic, noor, "Once more"))[0]
        slowest = max(slowest, time.monotonic() - began)
        assert isinstance(post, Post)
        assert post.position == len(positions) + 1
    print(f"after a lost connection: {times} next posts went through, the slowest in {slowest * 1000:.0f} ms")
    assert slowest < 2 * costs.stretch()


def test_control_held_lock_blocks_next_post(topic, noor):
    """The control: while another connection holds the topic's lock, the same post does not go through."""
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM forum_topic WHERE id = %s FOR UPDATE", [topic.pk])
            held.set()
            let_go.wait(120)
            cursor.execute("ROLLBACK")

    def post() -> Post:
        held.wait(120)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 200")
        try:
            return reply_to(topic, noor)
        finally:
            let_go.set()

    assert isinstance(run_concurrently(hold, post)[1], OperationalError)
