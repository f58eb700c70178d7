"""Two moderators undo the same act, or one undoes while another decides again: one outcome, and one row for it."""

import pytest

from accounts.models import LogEntry
from forum.models import Closure, Topic
from moderation.access.errors import AlreadyUndone, CannotUndo
from moderation.log.undo import undo_entry
from moderation.topics.close import close_topic, reopen_topic
from tests.conftest import start
from tests.races.crowd import count_deadlocks, run_often, with_random_delay
from tests.support.concurrency import run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)


def closed_topic(section, by) -> tuple[Topic, LogEntry]:
    topic = start(section, by)
    close_topic(topic=topic, by=by, reason="Solved.")
    return topic, LogEntry.objects.latest("pk")


@pytest.mark.slow
@run_often(2, 200)
def test_concurrent_undo_of_one_action_succeeds_once(talk, mia, noor, times):
    before = count_deadlocks()
    for _ in range(times):
        topic, entry = closed_topic(talk, mia)
        outcomes = run_concurrently(
            *(with_random_delay(undo_entry, entry=entry, by=by) for by in (mia, noor))
        )
        assert {type(outcome) for outcome in outcomes} == {AlreadyUndone, LogEntry}, outcomes
        assert LogEntry.objects.filter(undoes=entry).count() == 1
        assert not Closure.objects.filter(topic=topic).exists()
    assert count_deadlocks() - before == 0


@pytest.mark.slow
@run_often(2, 200)
def test_concurrent_undo_and_reopen_make_one_log_entry(talk, mia, noor, times):
    """The first one did it; the other gets an error, or did nothing."""
    before = count_deadlocks()
    for _ in range(times):
        topic, entry = closed_topic(talk, mia)
        undone, opened = run_concurrently(
            with_random_delay(undo_entry, entry=entry, by=mia),
            with_random_delay(reopen_topic, topic=topic, by=noor),
        )
        assert isinstance(undone, CannotUndo) is (opened is True), (undone, opened)
        rows = LogEntry.objects.filter(topic_id=topic.pk, act="reopen")
        assert (rows.count(), rows.filter(undoes=entry).count()) == (1, 0 if opened is True else 1)
        assert not Closure.objects.filter(topic=topic).exists()
    assert count_deadlocks() - before == 0
