"""Verifies that a community is intact, and that it matches a backup."""

from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from config.backup import (
    check_constraints,
    check_counters,
    check_files,
    connection as backup_connection,
    guest_pages,
    migrations as backup_migrations,
    tables,
)
from config.backup.manifest import Manifest
from config.backup.progress import progress
from core.storage.files import StorageUnavailable


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    text: str
    is_fault: bool = False


def examine() -> list[Finding]:
    """Checks the database on its own."""
    with backup_connection.connect() as database:
        broken = check_constraints.broken(database)
    wrong = check_counters.faults()
    return [
        *(Finding(text, is_fault=True) for text in (*broken, *wrong)),
        *([] if broken else [Finding("All foreign keys and check constraints are valid.")]),
        *([] if wrong else [Finding("Counters, positions and revisions match the posts.")]),
        _look_for_files(),
    ]


def _look_for_files() -> Finding:
    try:
        expected, missing_files = check_files.missing()
    except StorageUnavailable:
        return Finding("The storage for attachments does not respond.", is_fault=True)
    if missing_files:
        return Finding(check_files.describe_missing(missing_files), is_fault=True)
    return Finding(f"Attachments: {expected:,} of {expected:,} files exist.")


def compare(manifest: Manifest) -> list[Finding]:
    """Compares the community with the backup. It differs if the community was used since then."""
    with backup_connection.connect() as database:
        return [_compare_tables(manifest, database), _compare_pages(manifest)]


def _compare_tables(manifest: Manifest, database: psycopg.Connection) -> Finding:
    if set(backup_migrations.applied()) != set(manifest.migrations):
        return Finding("Rows were not compared: migrations have changed the tables since the backup.")
    current_tables = {table.name: table for table in tables.all_tables(database)}
    total = sum(saved.rows for saved in manifest.tables)
    with progress("Comparing rows", total, " rows") as advance:
        differing = [
            saved.name
            for saved in manifest.tables
            if tables.fingerprint(database, current_tables[saved.name], advance) != saved.part.sha256
        ]
    equal = len(manifest.tables) - len(differing)
    text = f"Tables: {equal} of {len(manifest.tables)} are identical ({total:,} rows)"
    return Finding(
        f"{text}; different: {', '.join(differing)}." if differing else f"{text}.", bool(differing)
    )


def _compare_pages(manifest: Manifest) -> Finding:
    guest = guest_pages.Guest()
    equal = [guest.fingerprint(page.address) == page.sha256 for page in manifest.pages]
    text = f"Pages: {sum(equal)} of {len(equal)} are identical"
    if all(equal):
        return Finding(f"{text}.")
    if guest_pages.appearance_hash() != manifest.look:
        return Finding(f"{text}; Belfry or its settings have changed since the backup, so pages may differ.")
    first = next(page.address for page, same in zip(manifest.pages, equal, strict=True) if not same)
    return Finding(f"{text}; different: {first} ...", is_fault=True)


def verify(manifest: Manifest | None = None, *, write: Callable[[str], object] = lambda text: None) -> bool:
    """Runs all checks and prints each result. Returns True if nothing is wrong."""
    backup_connection.lift_deadlines()
    findings = examine() + (compare(manifest) if manifest else [])
    for finding in findings:
        write(f"{'WRONG: ' if finding.is_fault else ''}{finding.text}")
    return not any(finding.is_fault for finding in findings)
