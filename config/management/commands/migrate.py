"""`manage.py migrate`: Django's, but for databases that another version of Belfry made."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from config.database import migration_history


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> str | None:
        """Before the checks, whose answer would be longer than the sentence."""
        if why := migration_history.refusal(connections[options["database"]]):
            raise CommandError(why)
        return super().execute(*args, **options)
