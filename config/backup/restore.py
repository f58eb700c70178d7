"""Restores a community from a backup."""

import shutil
from pathlib import Path

import psycopg
from django.db import connection

from accounts.models import SiteVersion, User
from config.backup import (
    attachments,
    connection as backup_connection,
    migrations as backup_migrations,
    schema as backup_schema,
    tables,
)
from config.backup.archive import Archive, UnusableBackup, opened
from config.backup.manifest import Manifest
from config.backup.progress import progress
from config.database import migration_history
from config.page_cache.disk import pages_directory


class WillNotRestore(Exception):
    """Refuses to restore into this database or folder; the message says why."""


def restore(path: Path, *, force: bool = False) -> Manifest:
    """Replaces the current data with the backup. `force`: also if a community exists already.

    Checks the file and the target before any change. Rows are restored in one transaction: a failed restore leaves an
    empty database, into which another backup can be restored.
    """
    backup_connection.lift_deadlines()
    with opened(path) as archive, backup_connection.connect() as database:
        manifest = archive.manifest
        _refuse_other_version(manifest)
        _refuse_other_connections(database)
        if not force:
            _refuse_existing_community(database)
        put_attachments_in_place = attachments.unpack(archive, manifest.attachments)
        backup_schema.drop_everything(database)
        backup_migrations.migrate_to(manifest.migrations)
        with database.transaction():
            _fill(database, archive)
        put_attachments_in_place()
        backup_migrations.migrate_to_today()
        SiteVersion.objects.grow(hides=True)
        shutil.rmtree(pages_directory(), ignore_errors=True)
        database.execute("ANALYZE")
    return manifest


def _fill(database: psycopg.Connection, archive: Archive) -> None:
    manifest = archive.manifest
    table_names = [table.name for table in tables.all_tables(database)]
    if missing := {table.name for table in manifest.tables} - set(table_names):
        raise UnusableBackup(f"Its migrations don’t create the table {', '.join(sorted(missing))}.")
    statements = backup_schema.take_down(database, table_names)
    backup_schema.empty(database, table_names)
    with progress("Rows", sum(table.rows for table in manifest.tables), " rows") as advance:
        for table in manifest.tables:
            tables.fill(database, table.name, table.columns, archive.blocks(table.part), advance)
    for sequence, last in manifest.sequences.items():
        database.execute("SELECT setval(quote_ident(%s)::regclass, %s)", [sequence, last])
    backup_schema.put_up(database, table_names, statements)


def _refuse_other_version(manifest: Manifest) -> None:
    if unknown := migration_history.unknown(manifest.migrations):
        raise UnusableBackup(
            f"It was made by another version of Belfry ({manifest.belfry}), with migrations that this version does "
            f"not have ({' '.join(unknown[0])} ...): restore it with that version."
        )


def _refuse_other_connections(database: psycopg.Connection) -> None:
    """Refuses if anyone else is connected: they could write to the data that is being replaced."""
    own_pids = [database.info.backend_pid]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own_pids.append(cursor.fetchone()[0])
    others = database.execute(
        """SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> ALL(%s)""",
        [own_pids],
    ).fetchone()
    if others and others[0]:
        raise WillNotRestore(f"{others[0]} other connections use this database. Stop Belfry first.")


def _refuse_existing_community(database: psycopg.Connection) -> None:
    found = [table.name for table in tables.all_tables(database)]
    is_ours = User._meta.db_table in found
    if (is_ours and User.objects.exists()) or (found and not is_ours):
        raise WillNotRestore("This database is not empty. FORCE=yes replaces everything in it.")
    if attachments.has_attachments():
        raise WillNotRestore("DATA_DIR contains attachments. FORCE=yes replaces them.")
