"""Bringing an empty database to the migrations that a backup was made at, and from there to today's."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from config.database.migration_history import Migrations


def applied() -> Migrations:
    return sorted(MigrationRecorder(connection).applied_migrations())


def migrate_to(migrations: Migrations) -> None:
    """Make the tables of a backup in a database that has none."""
    executor = MigrationExecutor(connection)
    wanted = {each for each in migrations if each in executor.loader.graph.nodes}
    # The last of each branch bring the others along.
    last = [
        each
        for each in sorted(wanted)
        if not any(child.key in wanted for child in executor.loader.graph.node_map[each].children)
    ]
    executor.migrate(last)


def migrate_to_today() -> None:
    call_command("migrate", verbosity=0)
