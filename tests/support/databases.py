"""Databases of a test's own: what it does to a whole database affects nothing else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import psycopg
from django.db import connection, transaction

from config.backup import connection as backup_connection, migrations as backup_migrations


@contextmanager
def database(name: str, *, like: str = "template1", keep: bool = False) -> Iterator[str]:
    """Makes a copy of a database and has Django use it during this block."""
    usual = connection.settings_dict["NAME"]
    _command(f"CREATE DATABASE {name} TEMPLATE {like}")
    try:
        with using(name):
            yield name
    finally:
        assert connection.settings_dict["NAME"] == usual
        if not keep:
            drop(name)


@contextmanager
def using(name: str) -> Iterator[None]:
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def drop(name: str) -> None:
    """Drops the database. Not WITH (FORCE): that would also terminate a process of autovacuum, which only a superuser
    may; without it, PostgreSQL itself has autovacuum give way."""
    mine = "FROM pg_stat_activity WHERE datname = '{}' AND usename = current_user"
    _command(f"SELECT pg_terminate_backend(pid, 5000) {mine.format(name)}")
    _command(f"DROP DATABASE IF EXISTS {name}")


@contextmanager
def reusing_migration_sql() -> Iterator[None]:
    """Reuses the SQL of the migrations for each further database with the same ones. Django would compute it again,
    which is nine tenths of a restore."""
    made: dict[tuple, list[tuple]] = {}
    usual = backup_migrations.migrate_to

    def migrate_to(migrations: backup_migrations.Migrations) -> None:
        key = tuple(migrations)
        if key not in made:
            statements: list[tuple] = []
            with connection.execute_wrapper(_record_statements(statements)):
                usual(migrations)
            made[key] = statements
            return
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in made[key]:
                cursor.execute(*statement)

    with patch.object(backup_migrations, "migrate_to", migrate_to):
        yield


def _record_statements(statements: list[tuple]):
    def keep(execute, sql, params, many, context):
        assert not many
        if not str(sql).startswith(("SAVEPOINT", "RELEASE")):
            statements.append((sql, params))
        return execute(sql, params, many, context)

    return keep


def rows() -> dict[str, list[tuple]]:
    """Returns every row of every table, read without any of the code that makes backups."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        found = {}
        for name in names:
            cursor.execute(f'SELECT row_to_json("{name}")::text FROM "{name}" ORDER BY 1')
            found[name] = cursor.fetchall()
    return found


def structure() -> set[str]:
    """Returns every constraint, index, trigger and routine, as PostgreSQL describes it.

    Without casts: PostgreSQL writes `IN ('a', 'b')` of a text column another way after reading what it wrote first.
    """
    query = """
        SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT pg_get_triggerdef(pg_trigger.oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {re.sub(r"::(character varying|text)|[()\[\]]", "", text) for (text,) in cursor.fetchall()}


def _command(statement: str) -> None:
    connection.close()
    with backup_connection.connect() as database:
        database.execute(psycopg.sql.SQL(statement))
