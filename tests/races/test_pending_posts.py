"""Pending posts between two moderators and their writer; and new members who try everything at once."""

from functools import partial
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import LogEntry, User
from config.backup.check_counters import faults
from forum.access.errors import PostPendingApproval, PostRejected
from forum.approval import queue as approval_queue
from forum.models import NewMemberLimits, PendingPost, Post, TextFingerprint
from forum.models.pending_post import PendingPostQuerySet
from forum.models.text_fingerprint import TextFingerprintManager
from forum.posts import create as posts_create
from moderation.access.errors import AlreadyReviewed
from moderation.approval.approve import approve_post, reject_post
from notifications.models import Notification
from tests.conftest import reply_to, start
from tests.races.crowd import count_deadlocks, run_often, with_random_delay
from tests.support.concurrency import disable_locks, only_errors, run_concurrently
from tests.support.new_member_limits import LINKS, set_limits

pytestmark = pytest.mark.django_db(transaction=True)

TOPIC_COUNT = 20
LONG_TEXT = "A bell that was cast in this town a hundred years ago rings again."
PAIRS = [
    ("let_in", "refuse"),
    ("let_in", "let_in"),
    ("refuse", "refuse"),
    ("let_in", "take_back"),
    ("refuse", "take_back"),
]


def review_action(name: str, text: PendingPost, by: User):
    acts = {
        "let_in": partial(approve_post, pending=text, by=by),
        "refuse": partial(reject_post, pending=text, by=by, reason="No."),
        "take_back": partial(approval_queue.withdraw, pending=text, by=text.author),
    }
    return acts[name]


def submit_pending_post(topic, nora, body: str) -> PendingPost:
    with pytest.raises(PostPendingApproval) as caught:
        reply_to(topic, nora, body)
    return caught.value.pending


@pytest.mark.slow
@run_often(2, 200)
@pytest.mark.parametrize("pair", PAIRS, ids="+".join)
def test_only_first_of_two_reviews_counts(pair, topic, nora, mia, noor, times):
    set_limits(posts_a_day=1_000)
    before = count_deadlocks()
    for number in range(times):
        text = submit_pending_post(topic, nora, f"{LINKS} {'so ' * (number + 1)}")
        logged = LogEntry.objects.count()
        outcomes = run_concurrently(
            *(
                with_random_delay(review_action(name, text, by))
                for name, by in zip(pair, (mia, noor), strict=True)
            )
        )
        text.refresh_from_db()
        assert {type(error) for error in only_errors(outcomes)} <= {AlreadyReviewed}
        assert Post.objects.filter(submission_key=text.submission_key).count() == (text.outcome == "let_in")
        assert LogEntry.objects.count() - logged == (text.outcome != "taken_back")
    assert faults() == []
    assert LogEntry.objects.count() == Notification.objects.count()
    assert count_deadlocks() == before


def test_control_without_locks_both_reviews_proceed(topic, nora, mia, noor, monkeypatch):
    """The control: both have read that the post is pending, and the database has to stop the second."""
    text = submit_pending_post(topic, nora, LINKS)
    disable_locks(monkeypatch, PendingPostQuerySet, people=2)
    outcomes = run_concurrently(review_action("let_in", text, mia), review_action("refuse", text, noor))
    assert not any(isinstance(outcome, AlreadyReviewed) for outcome in outcomes)


@pytest.mark.slow
def test_concurrent_posts_do_not_exceed_new_member_daily_limit(talk, mia, nora):
    set_limits(posts_a_day=8)
    topics = [start(talk, mia) for _ in range(TOPIC_COUNT)]
    outcomes = run_concurrently(
        *(partial(reply_to, topic, nora, f"No. {n}.") for n, topic in enumerate(topics))
    )
    assert {type(error) for error in only_errors(outcomes)} == {PostRejected}
    assert Post.objects.filter(author=nora).count() == 8


@pytest.mark.slow
def test_concurrent_pending_posts_do_not_exceed_limit(talk, mia, nora):
    topics = [start(talk, mia) for _ in range(TOPIC_COUNT)]
    outcomes = run_concurrently(
        *(partial(reply_to, topic, nora, f"{LINKS} {'so ' * n}") for n, topic in enumerate(topics))
    )
    assert {type(error) for error in only_errors(outcomes)} == {PostPendingApproval, PostRejected}
    assert PendingPost.objects.count() == NewMemberLimits().texts_waiting
    assert faults() == []


@pytest.mark.slow
def test_concurrent_identical_texts_make_one_post(talk, mia, nora):
    set_limits(posts_a_day=1_000, texts_waiting=100)
    topics = [start(talk, mia) for _ in range(TOPIC_COUNT)]
    outcomes = run_concurrently(*(partial(reply_to, topic, nora, LONG_TEXT) for topic in topics))
    assert len(only_errors(outcomes)) == TOPIC_COUNT - 1
    assert {type(error) for error in only_errors(outcomes)} <= {PostPendingApproval, PostRejected}
    assert Post.objects.filter(author=nora).count() == 1


@pytest.mark.slow
def test_control_check_then_count_lets_duplicates_through(talk, mia, nora, monkeypatch):
    """The control: what an ordinary read of the table would find."""

    def look_then_count(self, fingerprint: int) -> int:
        found = TextFingerprint.objects.filter(fingerprint=fingerprint).exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05)")
            cursor.execute(
                "INSERT INTO forum_textfingerprint VALUES (%s, 1, now()) ON CONFLICT DO NOTHING",
                [fingerprint],
            )
        return 2 if found else 1

    monkeypatch.setattr(TextFingerprintManager, "count_text", look_then_count)
    topics = [start(talk, mia) for _ in range(10)]
    for attempt in range(10):  # on a busy machine they may come one after another
        text = f"{LONG_TEXT} {attempt}"
        run_concurrently(*(partial(reply_to, topic, nora, text) for topic in topics))
        if Post.objects.filter(author=nora, body=text).count() > 1:
            return
    pytest.fail("no duplicates in ten attempts")


@pytest.mark.slow
def test_concurrent_identical_submissions_make_one_pending_post(topic, nora):
    key = uuid4()
    once = partial(posts_create.create_reply, topic=topic, by=nora, body=LINKS, submission_key=key)
    outcomes = run_concurrently(*([once] * 20))
    assert {type(outcome) for outcome in outcomes} == {PostPendingApproval}
    assert {outcome.pending.pk for outcome in outcomes} == {PendingPost.objects.get().pk}
    assert faults() == []
