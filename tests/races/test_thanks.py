"""Thanks from many clicks at once: one row per member, and a count that equals the number of rows."""

from functools import partial

import pytest
from django.db import connection

from forum.bookmarks.bookmark import add_bookmark, remove_bookmark
from forum.models import Bookmark, Post, Thanks, Topic
from forum.models.topic import TopicQuerySet
from forum.thanks.thank import thank_post, undo_thanks
from tests.conftest import reply_to, start
from tests.races.crowd import count_deadlocks, crowd, run_often
from tests.support.concurrency import disable_locks, only_errors, run_concurrently

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_rate_limits")]
CLICKS = 20


@pytest.fixture
def no_unique_thanks(transactional_db):
    """Drops the constraint from the database until the test is over."""
    key = next(c for c in Thanks._meta.constraints if c.name == "one_thanks_per_post_and_member")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Thanks, key)
    yield
    Thanks.objects.all().delete()
    Post.objects.update(thanked=0)
    with connection.schema_editor() as editor:
        editor.add_constraint(Thanks, key)


def thanks_counts(post: Post) -> tuple[int, int]:
    post.refresh_from_db()
    return post.thanked, Thanks.objects.filter(post=post).count()


@pytest.mark.slow
@run_often(2, 200)
def test_concurrent_thanks_by_one_member_count_once(talk, ada, ben, mia, times):
    topic = start(talk, ada)
    twins = 0
    for number in range(times):
        post = reply_to(topic, mia, f"Number {number}")
        outcomes = run_concurrently(*[partial(thank_post, post=post, by=ben)] * CLICKS)
        assert only_errors(outcomes) == []
        assert outcomes.count(True) == 1
        count, rows = thanks_counts(post)
        twins += rows - 1
        assert count == 1
    print(f"twins among thanks: {twins} of {times} rounds with {CLICKS} clicks")
    assert twins == 0


@pytest.mark.slow
def test_control_without_unique_key_and_lock_duplicates_arise(bens, cleo, no_unique_thanks, monkeypatch):
    with monkeypatch.context() as patch:
        disable_locks(patch, TopicQuerySet, people=CLICKS)
        run_concurrently(*[partial(thank_post, post=bens, by=cleo)] * CLICKS)
    assert Thanks.objects.filter(post=bens).count() > 1


@pytest.mark.slow
@run_often(20, 1_000)
def test_concurrent_thanks_and_undo_leave_correct_count(topic, bens, times):
    people = crowd(5)
    before = count_deadlocks()
    done = 0
    while done < times:
        calls = [partial(act, post=bens, by=by) for by in people for act in (thank_post, undo_thanks)]
        assert only_errors(run_concurrently(*calls, *calls)) == []
        done += 2 * len(calls)
    count, rows = thanks_counts(bens)
    assert count == rows == len({*Thanks.objects.filter(post=bens).values_list("member", flat=True)})
    assert count_deadlocks() == before


def test_control_counting_in_python_is_wrong(topic, bens, monkeypatch):
    """The control: without the lock, and counting in Python instead of in the database."""
    people = crowd(10)

    def thank_by_hand(by) -> None:
        post = Topic.objects.locked(topic.pk).posts.get(pk=bens.pk)
        Thanks.objects.create(post=post, member=by, revision=1)
        Post.objects.filter(pk=post.pk).update(thanked=post.thanked + 1)

    with monkeypatch.context() as patch:
        disable_locks(patch, TopicQuerySet, people=len(people))
        run_concurrently(*[partial(thank_by_hand, by) for by in people])
    count, rows = thanks_counts(bens)
    assert rows == len(people)
    assert count < rows


@pytest.mark.slow
@run_often(2, 200)
def test_concurrent_bookmarks_make_one_bookmark(bens, cleo, times):
    for _ in range(times):
        assert only_errors(run_concurrently(*[partial(add_bookmark, post=bens, by=cleo)] * CLICKS)) == []
        assert Bookmark.objects.filter(post=bens, member=cleo).count() == 1
        assert remove_bookmark(post=bens.pk, by=cleo)


@pytest.mark.slow
def test_concurrent_thanks_and_replies_lose_nothing(topic, bens, ada, ben, cleo):
    calls = [
        partial(reply_to, topic, ada),
        partial(thank_post, post=bens, by=cleo),
        partial(reply_to, topic, ben),
    ] * 5
    version = Topic.objects.get(pk=topic.pk).version
    assert only_errors(run_concurrently(*calls)) == []
    topic.refresh_from_db()
    assert (topic.last_position, topic.version - version) == (12, 11)
    assert thanks_counts(bens) == (1, 1)
