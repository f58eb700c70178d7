"""Every page's queries are planned once per connection."""

import pytest
from django.db import DataError, connection, transaction

from core.web.prepared_statements import prepare_statements
from tests.conftest import reply_to

pytestmark = pytest.mark.django_db


def planned_statements() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return {statement for (statement,) in cursor.fetchall()}


def deallocate_statements() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")  # psycopg notices this


def test_all_queries_of_a_topic_page_are_prepared(topic, sign_in, cleo):
    """tests/forum/topic_page/test_topic_page.py counts the queries: three."""
    client = sign_in(cleo)
    client.get(topic.get_absolute_url())
    deallocate_statements()
    client.get(topic.get_absolute_url())
    tables = ("accounts_session", "forum_readmark AS mark ON", "notifications_notification")
    assert len(planned_statements()) == 3
    for table in tables:
        assert any(table in statement for statement in planned_statements())


def test_reply_statements_are_prepared_but_later_queries_are_not(topic, ben):
    reply_to(topic, ben, "One more.")
    deallocate_statements()
    reply_to(topic, ben, "And one more.")
    assert any('INSERT INTO "forum_post"' in statement for statement in planned_statements())
    deallocate_statements()
    type(topic).objects.get(pk=topic.pk)
    assert planned_statements() == set()


def test_failed_query_restores_the_cursor_factory():
    connection.ensure_connection()
    before = connection.connection.cursor_factory
    with pytest.raises(DataError), transaction.atomic(), prepare_statements(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert connection.connection.cursor_factory is before
