"""Two moderators act on one member, or on each other, at once: one act, one row, one notification; nobody waits for
ever."""

import pytest

from accounts.models import LogEntry, Sanction, User
from forum.access.errors import NotAllowed
from moderation.access.errors import AlreadySanctioned, NothingToRemove
from moderation.members import sanction as members_sanction
from moderation.members.remove_all_posts import remove_all_posts
from tests.conftest import make_user, reply_to, start
from tests.races.crowd import count_deadlocks
from tests.support.concurrency import run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)


def suspend(member: User, by: User):
    return lambda: members_sanction.suspend_member(member=member, by=by, reason="Enough.")


@pytest.mark.slow
def test_concurrent_suspensions_make_one_sanction():
    moderators = [make_user(f"mod{n}", "moderator") for n in range(2)]
    for number in range(8):
        member = make_user(f"member{number}")
        outcomes = run_concurrently(*(suspend(member, by) for by in moderators))
        assert sum(isinstance(one, Sanction) for one in outcomes) == 1, outcomes
        assert sum(isinstance(one, AlreadySanctioned) for one in outcomes) == 1, outcomes
    assert LogEntry.objects.filter(act="suspend_member").count() == Sanction.objects.count() == 8


@pytest.mark.slow
def test_only_one_of_two_admins_suspending_each_other_succeeds():
    for number in range(8):
        one, two = make_user(f"one{number}", "admin"), make_user(f"two{number}", "admin")
        outcomes = run_concurrently(suspend(one, two), suspend(two, one))
        assert sum(isinstance(outcome, Sanction) for outcome in outcomes) == 1, outcomes
        assert sum(isinstance(outcome, NotAllowed) for outcome in outcomes) == 1, outcomes
        admins = User.objects.filter(role="admin", pk__in=[one.pk, two.pk])
        assert sum(admin.is_admin for admin in admins) == 1


def test_control_without_locks_both_admins_are_suspended(monkeypatch):
    import time

    from django.db.models import QuerySet

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    written = members_sanction._apply
    monkeypatch.setattr(members_sanction, "_apply", lambda *said: (time.sleep(0.2), written(*said)))
    one, two = make_user("one", "admin"), make_user("two", "admin")
    outcomes = run_concurrently(suspend(one, two), suspend(two, one))
    assert sum(isinstance(outcome, Sanction) for outcome in outcomes) == 2


def test_concurrent_removal_of_all_posts_succeeds_once(talk, ada, ben, mia, noor):
    """One removes all posts; replies posted at the same time are counted right, and there is no deadlock."""
    topics = [start(talk, ada, f"T{n}") for n in range(3)]
    for topic in topics:
        reply_to(topic, ben)
    deadlocks = count_deadlocks()

    def clear(by: User):
        return lambda: remove_all_posts(member=ben, by=by, reason="Spam.")

    outcomes = run_concurrently(clear(mia), clear(noor), *(lambda t=t: reply_to(t, ada) for t in topics))
    assert sum(isinstance(one, LogEntry) for one in outcomes) == 1, outcomes
    assert sum(isinstance(one, NothingToRemove) for one in outcomes) == 1, outcomes
    for topic in topics:
        topic.refresh_from_db()
        assert topic.reply_count == topic.posts.filter(removal=None, position__gt=1).count()
        assert topic.last_post_by == ada
    assert count_deadlocks() == deadlocks
