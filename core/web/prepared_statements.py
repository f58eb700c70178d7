"""Statements that come again with every page or every reply are planned by the server once a connection: planning takes
it several times as long as answering."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


class _Prepared(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> "_Prepared":
        return super().execute(query, params, **{"prepare": True, **options})


@contextmanager
def prepared() -> Iterator[None]:
    """For what is asked within. It should be few statements that differ in their parameters alone, whose types the
    server must be able to tell (`%s::bigint`)."""
    connection.ensure_connection()
    if connection.queries_logged:  # which is to say what they were, with their parameters
        yield
        return
    server: Any = connection.connection
    before = server.cursor_factory
    server.cursor_factory = _Prepared
    try:
        yield
    finally:
        server.cursor_factory = before
