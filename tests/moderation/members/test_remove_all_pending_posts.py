"""Removing all posts by a member rejects their pending posts; an undo makes them pending again."""

from functools import partial

import pytest
from django.db import transaction

from accounts.models import LogEntry, User
from config.backup.check_counters import faults
from forum.access.errors import PostPendingApproval
from forum.models import PendingPost, Post
from moderation.approval.approve import reject_post
from moderation.log.undo import undo_entry
from moderation.members import remove_all_posts_worker
from moderation.members.remove_all_posts import remove_all_posts
from notifications.models import Notification
from tests.conftest import reply_to, start
from tests.support.concurrency import run_concurrently
from tests.support.new_member_limits import add_watched_word

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(django_capture_on_commit_callbacks):
    """Runs an act and its on_commit callbacks."""

    def do(act, **said) -> LogEntry:
        with django_capture_on_commit_callbacks(execute=True):
            return act(**said)

    return do


@pytest.fixture
def remove_all(done, ben):
    return lambda by: done(remove_all_posts, member=ben, by=by, reason="Spam.")


@pytest.fixture
def undo(done):
    return lambda entry, by: done(undo_entry, entry=entry, by=by)


@pytest.fixture
def pending_ids(topic, talk, ben, noor) -> set[int]:
    """A reply and a topic of Ben's that a word rule keeps pending; one of his replies is visible."""
    add_watched_word("buy", by=noor)
    with pytest.raises(PostPendingApproval):
        reply_to(topic, ben, "Buy!")
    with pytest.raises(PostPendingApproval):
        start(talk, ben, "Buy now")
    return waiting()


def waiting() -> set[int]:
    return set(PendingPost.objects.pending().values_list("pk", flat=True))


def texts_waiting(member: User) -> int:
    return User.objects.get(pk=member.pk).texts_waiting


def test_remove_all_posts_rejects_pending_posts(pending_ids, ben, mia, remove_all):
    assert (len(pending_ids), texts_waiting(ben)) == (2, 2)
    entry = remove_all(mia)
    assert (waiting(), texts_waiting(ben)) == (set(), 0)
    assert set(entry.facts["after"]["waiting"]) == pending_ids
    settled = {(text.outcome, text.reason, text.resolved_by) for text in PendingPost.objects.all()}
    assert settled == {("refused", "Spam.", mia)}
    told = Notification.objects.filter(member=ben).latest("pk").text
    assert "(1 post and 2 pending posts). Reason: Spam." in told
    assert faults() == []


def test_undo_makes_rejected_posts_pending_again(pending_ids, ben, mia, noor, remove_all, undo):
    undo(remove_all(mia), noor)
    assert (waiting(), texts_waiting(ben)) == (pending_ids, 2)
    assert Post.objects.filter(author=ben).not_removed().count() == 1
    assert faults() == []


def test_undo_keeps_posts_rejected_before_the_removal(pending_ids, ben, mia, remove_all, undo):
    first, second = sorted(pending_ids)
    reject_post(pending=PendingPost.objects.get(pk=first), by=mia, reason="Spam.")
    entry = remove_all(mia)
    assert entry.facts["after"]["waiting"] == [second]
    undo(entry, mia)
    assert waiting() == {second}


def test_late_worker_run_keeps_post_rejected_after_undo(pending_ids, ben, mia, noor, remove_all, undo):
    """The first becomes pending again with the undo and is then rejected; nothing of the entry is left to undo
    twice."""
    entry = remove_all(mia)
    undo(entry, noor)
    reject_post(
        pending=PendingPost.objects.get(pk=min(pending_ids)), by=noor, reason="This one all the same."
    )
    assert remove_all_posts_worker.remove_or_restore_posts(entry) == 0
    assert waiting() == {max(pending_ids)}


def test_remove_all_posts_works_for_member_with_only_pending_posts(
    pending_ids, ben, topic, mia, remove_all, undo
):
    remove_all(mia)
    with pytest.raises(PostPendingApproval):
        reply_to(topic, ben, "Buy more!")
    (more,) = waiting()
    again = remove_all(mia)
    assert again.facts["after"] == {"posts": [], "waiting": [more]}
    undo(again, mia)
    assert waiting() == {more}
    assert not Post.objects.filter(author=ben).not_removed().exists()


@pytest.mark.django_db(transaction=True)
def test_remove_all_posts_skips_pending_post_locked_by_reviewer(pending_ids, ben, mia):
    """There is no deadlock: a moderator who decides holds the pending post and wants its writer's row; one who removes
    all posts holds that row and wants the pending post."""
    first = min(pending_ids)
    with transaction.atomic():
        PendingPost.objects.locked(first)
        (entry,) = run_concurrently(partial(remove_all_posts, member=ben, by=mia, reason="Spam."))
    assert entry.facts["after"]["waiting"] == [max(pending_ids)]
    assert waiting() == {first}


@pytest.mark.slow
def test_remove_all_page_announces_rejection_of_pending_posts(pending_ids, ben, mia, sign_in):
    address = "/moderation/members/ben/remove-everything/"
    assert "pending posts are rejected." in sign_in(mia).get(address).text
    done = sign_in(mia).post(address, {"reason": "Spam."}, follow=True)
    assert "1 post and 2 pending posts" in done.text
