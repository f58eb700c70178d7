"""The audit log is append-only, whichever user connects to the database."""

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from accounts.audit.log import log_action
from accounts.models import LogEntry


@pytest.fixture
def entry(mia, ada) -> LogEntry:
    return log_action("make_member", by=mia, target=ada, name="ada", facts={"before": "member"})


def is_rejected(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except (InternalError, ProgrammingError) as refusal:
        return "only added to" in str(refusal)
    return False


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_logentry SET why = 'nothing happened'",
        "UPDATE accounts_logentry SET at = now() WHERE false",
        "DELETE FROM accounts_logentry",
        "WITH gone AS (DELETE FROM accounts_logentry RETURNING id) SELECT count(*) FROM gone",
        "INSERT INTO accounts_logentry SELECT * FROM accounts_logentry ON CONFLICT (id) DO UPDATE SET why = 'x'",
    ],
)
def test_sql_cannot_change_or_delete_log_entries(entry, statement):
    """The tests connect as the owner of the table, as Belfry does."""
    assert is_rejected(statement)
    assert LogEntry.objects.values_list("act", "why").get() == ("make_member", "")


def test_log_entry_object_cannot_be_saved_again_or_deleted(entry):
    entry.why = "Something else"
    with pytest.raises(ProgrammingError), transaction.atomic():
        entry.save()
    with pytest.raises(ProgrammingError), transaction.atomic():
        entry.delete()


def test_control_without_trigger_log_entry_can_be_deleted(entry):
    """The control: it is the trigger that rejects the change."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_logentry DISABLE TRIGGER record_is_only_added_to")
    assert not is_rejected("DELETE FROM accounts_logentry")
    assert not LogEntry.objects.exists()


def test_log_entry_references_affected_member(mia, ada, original, topic):
    assert log_action("remove", by=mia, target=original).member_id == ada.pk
    assert log_action("close", by=mia, target=topic).member_id == ada.pk
    assert log_action("make_member", by=mia, target=ada).member_id == ada.pk
    assert log_action("order_sections", by=mia, target=topic.section).member_id is None
