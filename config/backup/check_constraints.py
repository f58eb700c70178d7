"""Checks every row again: do foreign keys lead to rows, do check constraints hold?

PostgreSQL checks only when a row is written, so it does not notice damage by a failing disk.
"""

import psycopg
from psycopg import sql

UNCHECKED = """
SELECT count(*) FROM pg_constraint
 WHERE connamespace = current_schema()::regnamespace AND NOT convalidated
"""
REFERENCES = """
SELECT conname, child.relname, child_column.attname, parent.relname, parent_column.attname
  FROM pg_constraint con
  JOIN pg_class child ON child.oid = con.conrelid
  JOIN pg_class parent ON parent.oid = con.confrelid
  JOIN pg_attribute child_column ON child_column.attrelid = child.oid AND child_column.attnum = con.conkey[1]
  JOIN pg_attribute parent_column ON parent_column.attrelid = parent.oid AND parent_column.attnum = con.confkey[1]
 WHERE connamespace = current_schema()::regnamespace AND contype = 'f' AND cardinality(conkey) = 1
 ORDER BY conname
"""
CHECKS = """
SELECT conname, relname, pg_get_expr(conbin, conrelid)
  FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
 WHERE connamespace = current_schema()::regnamespace AND contype = 'c'
 ORDER BY conname
"""


def broken(link: psycopg.Connection) -> list[str]:
    """Returns the broken constraints with the number of rows; an empty list if all is well."""
    found = [(_count(link, UNCHECKED), "constraints that PostgreSQL has not validated")]
    for name, child, child_column, parent, parent_column in link.execute(REFERENCES).fetchall():
        query = sql.SQL(
            "SELECT count(*) FROM {child} child WHERE {child_column} IS NOT NULL"
            " AND NOT EXISTS (SELECT FROM {parent} parent WHERE parent.{parent_column} = child.{child_column})"
        ).format(
            child=sql.Identifier(child),
            child_column=sql.Identifier(child_column),
            parent=sql.Identifier(parent),
            parent_column=sql.Identifier(parent_column),
        )
        found.append((_count(link, query), f"rows of {child} refer to missing rows ({name})"))
    for name, table, condition in link.execute(CHECKS).fetchall():
        query = sql.SQL("SELECT count(*) FROM {} WHERE NOT ({})").format(
            sql.Identifier(table), sql.SQL(condition)
        )
        found.append((_count(link, query), f"rows of {table} violate {name}"))
    return [f"{number:,} {description}" for number, description in found if number]


def _count(link: psycopg.Connection, query: str | sql.Composed) -> int:
    row = link.execute(query).fetchone()
    return row[0] if row else 0
