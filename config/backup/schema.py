"""Removes and recreates everything around the rows: foreign keys, unique constraints, indexes, triggers, whole
schemas."""

import psycopg
from psycopg import sql

from config.backup.progress import progress

# Building indexes and checking references is much faster for all rows at once than row by row. Primary keys stay: rows
# arrive in their order. Each pair is the statement to drop and the one to recreate; foreign keys go first and return
# last.
CONSTRAINTS = """
SELECT format('ALTER TABLE %I DROP CONSTRAINT %I', class.relname, conname),
       format('ALTER TABLE %I ADD CONSTRAINT %I %s', class.relname, conname, pg_get_constraintdef(con.oid))
  FROM pg_constraint con
  JOIN pg_class class ON class.oid = con.conrelid
 WHERE class.relnamespace = current_schema()::regnamespace AND contype IN ('f', 'u')
 ORDER BY contype, conname
"""
INDEXES = """
SELECT format('DROP INDEX %I', class.relname), pg_get_indexdef(class.oid)
  FROM pg_index index
  JOIN pg_class class ON class.oid = index.indexrelid
 WHERE class.relnamespace = current_schema()::regnamespace
   AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = class.oid)
 ORDER BY class.relname
"""
# Everything that Belfry's migrations create; objects of extensions stay.
OBJECTS = """
SELECT format('DROP %s IF EXISTS %I CASCADE',
              CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                           ELSE 'TABLE' END, relname), 1 AS turn
  FROM pg_class
 WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
   AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('e', 'i'))
UNION ALL
SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', pg_proc.oid::regprocedure), 2
  FROM pg_proc
 WHERE pronamespace = current_schema()::regnamespace
   AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
UNION ALL
SELECT format('DROP TYPE IF EXISTS %I CASCADE', typname), 3
  FROM pg_type
 WHERE typnamespace = current_schema()::regnamespace AND (typtype IN ('e', 'd') OR typtype = 'c'
        AND EXISTS (SELECT FROM pg_class WHERE pg_class.oid = typrelid AND relkind = 'c'))
   AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_type.oid AND deptype = 'e')
 ORDER BY turn
"""


def drop_everything(link: psycopg.Connection) -> None:
    with link.transaction():
        for statement, _ in link.execute(OBJECTS).fetchall():
            link.execute(statement)


def empty(link: psycopg.Connection, tables: list[str]) -> None:
    """Deletes rows that migrations may have inserted: the backup contains them too."""
    names = sql.SQL(", ").join(map(sql.Identifier, tables))
    link.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))


def take_down(link: psycopg.Connection, tables: list[str]) -> list[str]:
    """Drops indexes and constraints and disables triggers. Returns the statements that `put_up` needs."""
    for table in tables:
        link.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
    pairs = [pair for query in (CONSTRAINTS, INDEXES) for pair in link.execute(query).fetchall()]
    for drop, _ in pairs:
        link.execute(drop)
    return [create for _, create in reversed(pairs)]


def put_up(link: psycopg.Connection, tables: list[str], statements: list[str]) -> None:
    """Recreates them. PostgreSQL checks every row as it does, and raises an error if one breaks a rule."""
    with progress("Indexes and constraints", len(statements), " made") as advance:
        for statement in statements:
            link.execute(statement.encode())
            advance(1)
    for table in tables:
        link.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))
