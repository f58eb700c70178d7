"""Which version of Belfry made a database. Belfry only uses databases made by its own migrations."""

from collections.abc import Iterable

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Migrations = list[tuple[str, str]]  # app, name
APPS = {"accounts", "notifications", "forum", "moderation"}  # other packages may replace their own migrations


def unknown(migrations: Iterable[tuple[str, str]]) -> Migrations:
    """Returns the migrations that this version does not have."""
    loader = MigrationLoader(None)
    return sorted(each for each in migrations if each not in loader.disk_migrations)


def refusal(connection: BaseDatabaseWrapper) -> str:
    """Returns one sentence that says why this version cannot use the database and what to do, or an empty string if it
    can."""
    applied = MigrationRecorder(connection).applied_migrations()
    foreign = unknown(each for each in applied if each[0] in APPS)
    if not foreign:
        return ""
    advice = (
        "set DATABASE_URL to an empty database"
        if settings.DATABASE_URL
        else f"set DATA_DIR to an empty directory instead of {settings.DATA_DIR}"
    )
    return (
        f"This database was made by another version of Belfry, with migrations that this version does not have "
        f"({' '.join(foreign[0])} ...): start that version, or {advice}."
    )
