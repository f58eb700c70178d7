"""A removal whose commit becomes visible long after its statements ran: no cached page shows the post."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from config.availability import database_monitor
from config.database import horizon
from moderation.posts.remove import remove_post
from tests.config.page_cache.test_storage import DATABASE_AWAY, check_database_and_wait
from tests.support.wsgi_client import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def without_grace_period(monkeypatch):
    """Turns off the seconds of grace for late commits, which would hide a fault."""
    monkeypatch.setattr(horizon, "LATE_PAGES", timedelta(0))


def test_post_removed_by_late_commit_is_not_served(
    make_front, topic, bens, mia, without_grace_period, monkeypatch
):
    front = make_front()
    address = topic.get_absolute_url()
    assert "Here too." in Visitor(front).get(address).text
    is_written, may_commit = threading.Event(), threading.Event()

    def remove():
        try:
            with transaction.atomic():
                remove_post(post=bens, by=mia, reason="Spam.")
                is_written.set()
                may_commit.wait()
        finally:
            connection.close()

    thread = threading.Thread(target=remove)
    thread.start()
    try:
        assert is_written.wait(60)
        for _ in range(3):
            check_database_and_wait()
    finally:
        may_commit.set()
        thread.join()
    check_database_and_wait()
    monkeypatch.setattr(database_monitor, "poll_now", lambda *args, **kwargs: False)
    monkeypatch.setattr(database_monitor, "_poll", lambda *args: None)
    monkeypatch.setattr(database_monitor, "database", DATABASE_AWAY)
    page = Visitor(front).get(address)
    assert "Here too." not in page.text


def test_removal_is_dated_after_its_transaction_began(bens, mia):
    """A transaction is listed as writing only once it writes: a check in between would take its beginning as seen."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            (began,) = cursor.fetchone()
        remove_post(post=bens, by=mia, reason="Spam.")
    bens.topic.refresh_from_db()
    assert bens.topic.taken_back_at > began
