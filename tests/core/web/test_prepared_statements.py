"""Every page's queries are planned once per connection."""

import pytest
from django.db import DataError, connection, transaction

from core.web.prepared_statements import prepare_statements
from tests.conftest import reply_to

pytestmark = pytest.mark.django_db


def planned() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return {statement for (statement,) in cursor.fetchall()}


def forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")  # psycopg notices this


def test_all_that_the_page_of_a_topic_asks(topic, sign_in, cleo):
    """tests/forum/topic_page/test_topic_page.py counts the queries: three."""
    client = sign_in(cleo)
    client.get(topic.get_absolute_url())
    forget()
    client.get(topic.get_absolute_url())
    tables = ("accounts_session", "forum_readmark AS mark ON", "notifications_notification")
    assert len(planned()) == 3
    for table in tables:
        assert any(table in statement for statement in planned())


def test_what_a_reply_asks_under_its_lock_and_nothing_after_it(topic, ben):
    reply_to(topic, ben, "One more.")
    forget()
    reply_to(topic, ben, "And one more.")
    assert any('INSERT INTO "forum_post"' in statement for statement in planned())
    forget()
    type(topic).objects.get(pk=topic.pk)
    assert planned() == set()


def test_what_fails_within_leaves_the_connection_as_it_was():
    connection.ensure_connection()
    before = connection.connection.cursor_factory
    with pytest.raises(DataError), transaction.atomic(), prepare_statements(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert connection.connection.cursor_factory is before
