"""Tests of the code that clears the database between tests."""

import threading

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.models import Rule, User
from forum.models import Draft
from tests.conftest import make_user, reply_to
from tests.support import clear_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.slow
def test_clear_restores_contents_of_new_database(topic, ben):
    rules = list(Rule.objects.values())
    Rule.objects.all().delete()
    reply_to(topic, ben)
    clear_database.clear()
    assert not User.objects.exists()
    assert list(Rule.objects.values()) == rules != []


@pytest.fixture
def draft_saved_during_clear(monkeypatch):
    """A draft that its page saves when it is left, after the check which tables have rows."""
    ada, find = make_user("ada"), clear_database._with_rows

    def find_too_early(cursor):
        found = find(cursor)
        if not Draft.objects.exists():
            write = threading.Thread(target=save)
            write.start()
            write.join()
        return found

    def save():
        Draft.objects.create(member=ada, place="reply:1", body="Begun.", version=1, updated_at=timezone.now())
        connection.close()

    with monkeypatch.context() as patch:
        patch.setattr(clear_database, "_with_rows", find_too_early)
        yield


def test_row_inserted_during_clear_is_cleared(draft_saved_during_clear):
    clear_database.clear()
    assert not User.objects.exists()
    assert not Draft.objects.exists()


def test_control_single_attempt_leaves_inserted_row(draft_saved_during_clear, monkeypatch):
    with monkeypatch.context() as once:
        once.setattr(clear_database, "ATTEMPTS", 1)
        with pytest.raises(DatabaseError):
            clear_database.clear()
    assert Draft.objects.exists()
