"""`manage.py migrate`: Django's, but rejects databases that another version of Belfry made."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from config.database import migration_history


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> str | None:
        """Checks before Django's system checks, whose output would hide the message."""
        if reason := migration_history.refusal(connections[options["database"]]):
            raise CommandError(reason)
        return super().execute(*args, **options)
