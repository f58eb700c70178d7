"""Who may undo what from the log, and for how long."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.audit.log import log_action
from accounts.models import LogEntry
from forum.access.errors import NotAllowed
from forum.models import Closure
from moderation.access.errors import CannotUndo
from moderation.log.undo import UNDO_ACTIONS, can_be_undone, undo_entry
from moderation.topics.close import close_topic
from tests.conftest import make_user
from tests.moderation.log.test_undo import last

pytestmark = pytest.mark.django_db


def make_older(entry: LogEntry, days: int) -> LogEntry:
    """Makes the entry some days older: only this test can change it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_logentry DISABLE TRIGGER USER")
        LogEntry.objects.filter(pk=entry.pk).update(at=timezone.now() - timedelta(days=days))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_logentry ENABLE TRIGGER USER")
    entry.refresh_from_db()
    return entry


@pytest.mark.parametrize(("days", "is_possible"), [(29, True), (31, False)])
def test_undo_is_possible_for_thirty_days(topic, mia, days, is_possible):
    close_topic(topic=topic, by=mia, reason="Solved.")
    entry = make_older(last(), days)
    assert can_be_undone(mia, entry) is is_possible
    if is_possible:
        undo_entry(entry=entry, by=mia)
    else:
        with pytest.raises(CannotUndo, match="for 30 days only"):
            undo_entry(entry=entry, by=mia)
    assert Closure.objects.exists() is not is_possible


def test_member_cannot_undo(topic, ada, mia, monkeypatch):
    """Not even what undoes it runs."""
    close_topic(topic=topic, by=mia, reason="Solved.")
    assert not can_be_undone(ada, last())
    monkeypatch.setitem(UNDO_ACTIONS, "close", lambda entry, by: pytest.fail("the undo ran"))
    with pytest.raises(NotAllowed):
        undo_entry(entry=last(), by=ada)
    assert Closure.objects.exists()


def test_moderator_of_other_section_cannot_undo(topic, news, mia):
    close_topic(topic=topic, by=mia, reason="Solved.")
    limited = make_user("lena", "moderator")
    limited.moderates = [news.pk]
    limited.save()
    with pytest.raises(NotAllowed):
        undo_entry(entry=last(), by=limited)
    limited.moderates = [topic.section_id]
    limited.save()
    undo_entry(entry=last(), by=limited)
    assert not Closure.objects.exists()


def test_role_change_cannot_be_undone_from_log(mia, ada):
    entry = log_action("make_member", by=mia, target=ada, name="ada")
    assert not can_be_undone(mia, entry)
    with pytest.raises(CannotUndo):
        undo_entry(entry=entry, by=mia)
