"""`manage.py migrate`: Django's, but for databases that another version of Belfry made."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from config import lineage


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if why := lineage.refusal(connections[options["database"]]):
            raise CommandError(why)
        super().handle(*args, **options)
