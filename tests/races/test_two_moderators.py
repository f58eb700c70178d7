"""Two moderators act on the same things: the final state is legal, and the log says what happened, no more."""

import random
import time
from collections.abc import Callable
from functools import partial

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import LogEntry
from forum.access.errors import NotAllowed
from forum.models import Closure, HiddenRevision, Highlight, Post, Removal, Topic
from forum.models.post import PostQuerySet
from forum.posts.edit import edit_post
from moderation.posts.hide_revision import hide_revision, show_revision
from moderation.posts.highlight import highlight_post, unhighlight_post
from moderation.posts.remove import remove_post, restore_post
from moderation.topics.close import close_topic, reopen_topic
from tests.conftest import make_user, reply_to, start
from tests.races.crowd import count_deadlocks, run_often
from tests.support.concurrency import disable_locks, only_errors, run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)
# The act, its undo, and the log's names of the two.
ACTIONS: dict[str, Callable] = {
    "remove": lambda post, by: remove_post(post=post, by=by, reason="Spam."),
    "restore": lambda post, by: restore_post(post=post, by=by),
    "highlight": lambda post, by: highlight_post(post=post, by=by),
    "unhighlight": lambda post, by: unhighlight_post(post=post, by=by),
    "close": lambda post, by: close_topic(topic=post.topic, by=by, reason="Solved."),
    "reopen": lambda post, by: reopen_topic(topic=post.topic, by=by),
    "hide_revision": lambda post, by: hide_revision(post=post, number=1, by=by, reason="Address."),
    "show_revision": lambda post, by: show_revision(post=post, number=1, by=by),
}
PAIRS = [
    ("remove", "restore", Removal),
    ("highlight", "unhighlight", Highlight),
    ("close", "reopen", Closure),
    ("hide_revision", "show_revision", HiddenRevision),
]


def apply_actions(post: Post, by, acts: list[str]) -> list[str]:
    """One moderator's busy minute. A removed post cannot be highlighted; that is a valid outcome too."""
    refused = []
    for act in acts:
        try:
            ACTIONS[act](post, by)
        except NotAllowed:
            refused.append(act)
    return refused


def find_inconsistencies(post: Post) -> list[str]:
    """Returns where the current state and the log do not agree."""
    found = []
    for done, undone, kind in PAIRS:
        said = list(
            LogEntry.objects.filter(act__in=(done, undone)).order_by("pk").values_list("act", flat=True)
        )
        if said != [done, undone] * (len(said) // 2) + [done] * (len(said) % 2):
            found.append(f"{done} and {undone} do not take turns: {said}")
        if kind.objects.count() != len(said) % 2:
            found.append(f"{kind.objects.count()} rows stand after {said}")
    topic = Topic.objects.get(pk=post.topic_id)
    if topic.reply_count != topic.posts.filter(removal=None).exclude(position=1).count():
        found.append("the answers are counted wrongly")
    if Removal.objects.exists() and Highlight.objects.exists():
        found.append("a removed post stands at the top")
    return found


@pytest.mark.slow
@run_often(2, 100)
def test_mixed_actions_by_two_moderators_stay_consistent(talk, mia, noor, times):
    """`times` x 2 moderators x 12 acts on one post and its topic."""
    before, chosen, effective, author = count_deadlocks(), random.Random(7), 0, make_user("vera", "moderator")
    for _ in range(times):
        topic = start(talk, mia)
        post = reply_to(topic, author)
        post = edit_post(post=post, by=author, body="Another word.", version=1)
        plans = [chosen.choices(list(ACTIONS), k=12) for _ in range(2)]
        outcomes = run_concurrently(
            *(partial(apply_actions, post, by, plan) for by, plan in zip((mia, noor), plans, strict=True))
        )
        assert only_errors(outcomes) == []
        assert find_inconsistencies(post) == []
        effective += LogEntry.objects.count()
        reset_state(post)
    print(
        f"acts by two moderators: {times * 24} tried, {effective} effective and recorded, 0 broken promises"
    )
    assert count_deadlocks() - before == 0


def reset_state(post: Post) -> None:
    with connection.cursor() as cursor:  # rows of the log cannot be deleted
        cursor.execute("TRUNCATE accounts_logentry")
    for kind in (Removal, Highlight, Closure, HiddenRevision):
        kind.objects.all().delete()
    Topic.objects.filter(pk=post.topic_id).update(reply_count=1)


@pytest.mark.slow
def test_control_without_locks_log_is_inconsistent(talk, ben, mia, noor, monkeypatch):
    """Both find the post removed, both restore it, and both log it."""
    topic = start(talk, mia)
    post = reply_to(topic, ben)
    remove_post(post=post, by=mia, reason="Spam.")
    disable_locks(monkeypatch, PostQuerySet, people=2)
    run_concurrently(*(partial(restore_post, post=post, by=by) for by in (mia, noor)))
    assert find_inconsistencies(post) != []


@pytest.mark.slow
def test_control_locks_in_different_orders_deadlock(talk, ada, ben):
    """The control of "no deadlocks": PostgreSQL does detect them, and we do count them."""
    topic = start(talk, ada)
    post, before = reply_to(topic, ben), count_deadlocks()

    def lock(first: type, second: type) -> None:
        with transaction.atomic():
            pks = {Topic: topic.pk, Post: post.pk}
            first.objects.select_for_update().get(pk=pks[first])
            time.sleep(0.2)
            second.objects.select_for_update().get(pk=pks[second])

    errors = only_errors(run_concurrently(partial(lock, Topic, Post), partial(lock, Post, Topic)))
    assert [type(error) for error in errors] == [OperationalError]
    assert count_deadlocks() - before == 1
