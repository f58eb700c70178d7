"""Prepares frequent statements, so that the server plans them once per connection. Planning takes several times as long
as running them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


class _Prepared(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> "_Prepared":
        return super().execute(query, params, **{"prepare": True, **options})


@contextmanager
def prepare_statements() -> Iterator[None]:
    """Prepares the statements executed inside. They should be few, and differ only in their parameters, whose types the
    server must be able to infer (`%s::bigint`)."""
    connection.ensure_connection()
    if connection.queries_logged:  # a log of queries needs the usual cursor
        yield
        return
    server: Any = connection.connection
    before = server.cursor_factory
    server.cursor_factory = _Prepared
    try:
        yield
    finally:
        server.cursor_factory = before
