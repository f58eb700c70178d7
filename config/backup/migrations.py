"""Migrates an empty database to the migrations of a backup, and from there to the current ones."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from config.database.migration_history import Migrations


def applied() -> Migrations:
    return sorted(MigrationRecorder(connection).applied_migrations())


def migrate_to(migrations: Migrations) -> None:
    """Creates the tables of a backup in a database without tables."""
    executor = MigrationExecutor(connection)
    wanted = {each for each in migrations if each in executor.loader.graph.nodes}
    # Migrating to the last of each branch includes the others.
    last = [
        each
        for each in sorted(wanted)
        if not any(child.key in wanted for child in executor.loader.graph.node_map[each].children)
    ]
    executor.migrate(last)


def migrate_to_today() -> None:
    call_command("migrate", verbosity=0)
