"""The tables of the database, read and written as streams of rows."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
from psycopg import sql

# Sessions: everyone signs in again. Failed sign-ins are forgotten. IP addresses: no backup keeps them longer than
# Belfry does. Migrations are in the manifest. The target database keeps its own epoch, so that no page cached before
# is mistaken for one of the restored community.
LEFT_OUT = ["accounts_session", "accounts_siteversion", "accounts_ipsighting", "cache", "django_migrations"]

# Generated columns are left out: PostgreSQL computes them again.
TABLES = """
SELECT class.relname,
       array_agg(attribute.attname ORDER BY attribute.attnum),
       (SELECT array_agg(key.attname ORDER BY array_position(index.indkey::int2[], key.attnum))
          FROM pg_index index
          JOIN pg_attribute key ON key.attrelid = index.indrelid AND key.attnum = ANY(index.indkey)
         WHERE index.indrelid = class.oid AND index.indisprimary),
       greatest(class.reltuples, 0)::bigint
  FROM pg_class class
  JOIN pg_attribute attribute ON attribute.attrelid = class.oid
 WHERE class.relnamespace = current_schema()::regnamespace AND class.relkind = 'r'
   AND attribute.attnum > 0 AND NOT attribute.attisdropped AND attribute.attgenerated = ''
   AND class.relname <> ALL(%s)
 GROUP BY class.oid, class.relname
 ORDER BY class.relname
"""


@dataclass(frozen=True)
class Table:
    name: str
    columns: list[str]
    key: list[str]
    rows_about: int

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.name)


def all_tables(link: psycopg.Connection) -> list[Table]:
    """Returns every table that belongs in a backup."""
    return [
        Table(name, columns, key or columns, rows)
        for name, columns, key, rows in link.execute(TABLES, [LEFT_OUT]).fetchall()
    ]


def read(link: psycopg.Connection, table: Table) -> Iterator[memoryview]:
    """Yields each row of a table as a line in COPY's text format, ordered by primary key."""
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        _names(table.columns), table.identifier, _names(table.key)
    )
    with link.cursor() as cursor, cursor.copy(query) as copy:
        yield from copy  # type: ignore[misc]


def fill(
    link: psycopg.Connection,
    name: str,
    columns: list[str],
    blocks: Iterator[bytes],
    after_each: Callable[[int], object],
) -> None:
    """Writes the output of `read` to a table that was emptied in the same transaction, so that its rows start out
    frozen."""
    query = sql.SQL("COPY {} ({}) FROM STDIN WITH (FREEZE)").format(sql.Identifier(name), _names(columns))
    with link.cursor() as cursor, cursor.copy(query) as copy:
        for block in blocks:
            copy.write(block)
            after_each(block.count(b"\n"))  # COPY escapes line breaks within values


def fingerprint(
    link: psycopg.Connection, table: Table, after_each: Callable[[int], object] = lambda rows: None
) -> str:
    """Returns the SHA-256 of all rows, the same as that of this table's part in a backup."""
    digest = hashlib.sha256()
    for row in read(link, table):
        digest.update(row)
        after_each(1)
    return digest.hexdigest()


def sequences(link: psycopg.Connection) -> dict[str, int]:
    """Returns the last value of each sequence. It can be higher than the highest id, so that ids of deleted rows are
    not reused."""
    query = """SELECT sequencename, last_value FROM pg_sequences
                WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY sequencename"""
    return dict(link.execute(query).fetchall())


def _names(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
