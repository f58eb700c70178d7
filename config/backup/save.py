"""Backs up a running community: everything as it was at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from config.backup import (
    attachments,
    connection as backup_connection,
    guest_pages,
    migrations as backup_migrations,
    tables,
)
from config.backup.archive import ArchiveWriter
from config.backup.manifest import FORMAT, Manifest, Part, SavedTable
from config.backup.progress import progress
from config.backup.retention import usual_path, whole_or_nothing
from config.environment.version import version


def save(path: Path | None = None) -> tuple[Path, Manifest]:
    """Writes a backup to this path, or to the default one. The path does not exist until the backup is complete."""
    backup_connection.lift_deadlines()
    made_at = timezone.now().astimezone(UTC)
    path = path or usual_path(made_at)
    with whole_or_nothing(path) as file, ArchiveWriter(file) as archive:
        manifest = _save_all(archive, made_at)
        archive.finish(manifest)
    return path, manifest


def _save_all(archive: ArchiveWriter, made_at: datetime) -> Manifest:
    with backup_connection.connect() as snapshot:
        snapshot.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with _django_at(snapshot):
            migrations = backup_migrations.applied()
            pages = guest_pages.sample()
        saved = _save_tables(archive, snapshot)
        sequences = tables.sequences(snapshot)  # after the rows: sequences are not part of snapshots
        server = snapshot.info.parameter_status("server_version") or ""
    return Manifest(
        format=FORMAT,
        made_at=made_at.isoformat(timespec="seconds"),
        belfry=version(),
        postgresql=server,
        migrations=migrations,
        tables=saved,
        sequences=sequences,
        attachments=_save_attachments(archive),  # after the rows: all files that they name exist
        look=guest_pages.appearance_hash(),
        pages=pages,
    )


@contextmanager
def _django_at(snapshot: psycopg.Connection) -> Iterator[None]:
    """Lets Django use the snapshot of this connection."""
    exported = snapshot.execute("SELECT pg_export_snapshot()").fetchone()
    assert exported is not None  # noqa: S101 - a SELECT of a function returns a row
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(exported[0]))  # takes no parameter
        yield


def _save_tables(archive: ArchiveWriter, snapshot: psycopg.Connection) -> list[SavedTable]:
    saved = []
    found = tables.all_tables(snapshot)
    with progress("Rows", sum(table.rows_about for table in found), " rows") as advance:
        for table in found:
            rows = 0
            with archive.part(f"tables/{table.name}") as part:
                for row in tables.read(snapshot, table):
                    part.write(row)
                    rows += 1
                    advance(1)
            saved.append(SavedTable(table.name, table.columns, rows, part.finished()))
    return saved


def _save_attachments(archive: ArchiveWriter) -> Part | None:
    if not attachments.has_attachments():
        return None
    with archive.part("attachments.tar") as part:
        attachments.save(part)  # type: ignore[arg-type] # a streaming tar only writes
    return part.finished()
