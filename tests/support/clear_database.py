"""Clears the database between tests that commit. Django truncates every table, which takes 150 ms and removes what the
migrations inserted; deleting the rows of the few tables that have any takes 5 ms, and the first rules stay."""

import time

from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper

ATTEMPTS = 5
PATIENCE = 120  # seconds that a request which outlives its test may take
TABLES = """
SELECT tablename FROM pg_tables
 WHERE schemaname = 'public' AND tablename <> 'django_migrations' AND tablename NOT LIKE 'procrastinate%'
"""
GUARDED = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
OTHERS_AT_WORK = """
  FROM pg_stat_activity
 WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
   AND state <> 'idle'
"""


def save_initial_rows() -> None:
    """Records the contents of a new database."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA as_new")
        for table in _with_rows(cursor):
            cursor.execute(f"CREATE TABLE as_new.{table} AS TABLE public.{table}")


def clear() -> None:
    """Makes the database contain that again. Ids go on, so that no two tests mean the same row by one id."""
    for attempt in range(1, ATTEMPTS + 1):
        _wait_for_others()
        with connection.cursor() as cursor:
            try:
                cursor.execute(_statements(cursor))
                return
            except DatabaseError:  # a late request of a page that was left came between, and is seen now
                cursor.execute("ROLLBACK")
                if attempt == ATTEMPTS:
                    raise


def _statements(cursor: CursorWrapper) -> str:
    full = _with_rows(cursor)
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'as_new'")
    new = [table for (table,) in cursor.fetchall()]
    cursor.execute(GUARDED)
    guarded = {table for (table,) in cursor.fetchall()}  # the log, which is append-only
    parts = ["BEGIN", "SET CONSTRAINTS ALL DEFERRED"]
    parts += [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in full if table in guarded]
    parts += [f"DELETE FROM public.{table}" for table in full]
    parts += [f"INSERT INTO public.{table} SELECT * FROM as_new.{table}" for table in new]
    # Tables with deferred constraints cannot be altered before the end of the transaction.
    parts += ["SET CONSTRAINTS ALL IMMEDIATE"]
    parts += [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in full if table in guarded]
    return ";".join([*parts, "COMMIT"])


def _with_rows(cursor: CursorWrapper) -> list[str]:
    cursor.execute(TABLES)
    each = [f"SELECT '{table}' WHERE EXISTS (SELECT FROM public.{table})" for (table,) in cursor.fetchall()]
    cursor.execute(" UNION ALL ".join(each))
    return [table for (table,) in cursor.fetchall()]


def _wait_for_others() -> None:
    """A page may still save a draft when it is left, which would then be in the next test. A request that never ends
    (a test failed while it held a lock) is terminated."""
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while True:
            cursor.execute(f"SELECT count(*) {OTHERS_AT_WORK}")
            if not cursor.fetchone()[0]:
                return
            if time.monotonic() > deadline:
                cursor.execute(f"SELECT pg_terminate_backend(pid, 5000) {OTHERS_AT_WORK}")
                return
            time.sleep(0.01)
