"""Fifty posts at once by one member: as many go through as a minute allows, and no more."""

import time
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from accounts.rate_limiting import rate_counter
from accounts.rate_limiting.rate_counter import Limit, RateLimitExceeded
from forum.antispam.check import POST_LIMIT
from forum.models import Post
from tests.conftest import reply_to, start
from tests.races.crowd import run_often
from tests.support.concurrency import only_errors, run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)
POST_COUNT = 50


def post_concurrently(talk, mia, member) -> list[Exception]:
    """Posts to as many topics, so that no topic's lock serializes them; all at one moment, in one minute."""
    topics, now = [start(talk, mia) for _ in range(POST_COUNT)], timezone.now()
    return only_errors(run_concurrently(*(partial(reply_to, topic, member, at=now) for topic in topics)))


@pytest.mark.slow
@run_often(1, 20)
def test_concurrent_posts_do_not_exceed_rate_limit(talk, mia, cleo, times):
    for _ in range(times):
        errors = post_concurrently(talk, mia, cleo)
        assert {type(error) for error in errors} == {RateLimitExceeded}
        assert POST_COUNT - len(errors) == Post.objects.filter(author=cleo).count() == POST_LIMIT.most
        Post.objects.filter(author=cleo).delete()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_ratecount")
    print(
        f"posting rate: {times} rounds of {POST_COUNT} posts at once, {POST_LIMIT.most} let through each time"
    )


@pytest.mark.slow
def test_control_check_then_count_exceeds_rate_limit(talk, mia, cleo, monkeypatch):
    """The control: the usual way to write it."""

    def look_then_count(limit: Limit, *, by, now: float) -> None:
        key = [by.pk, limit.act, int(now // limit.seconds)]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count FROM accounts_ratecount WHERE user_id = %s AND act = %s AND slot = %s", key
            )
            count = (cursor.fetchone() or [0])[0]
            if count >= limit.most:
                raise RateLimitExceeded(limit, 1)
            time.sleep(0.05)
            cursor.execute(
                "INSERT INTO accounts_ratecount (user_id, act, slot, begun_at, count) VALUES (%s, %s, %s, now(), 1)"
                " ON CONFLICT ON CONSTRAINT one_count_per_user_act_and_slot"
                " DO UPDATE SET count = accounts_ratecount.count + 1",
                key,
            )

    monkeypatch.setattr(
        rate_counter,
        "count_action",
        lambda limit, *, by, now: by.is_staff or look_then_count(limit, by=by, now=now),
    )
    post_concurrently(talk, mia, cleo)
    assert Post.objects.filter(author=cleo).count() > POST_LIMIT.most
