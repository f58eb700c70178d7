"""`make verify`: checks that the community is intact and, with FILE=..., that it matches a backup."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.backup.archive import UnusableBackup, opened
from config.backup.verify import verify


class Command(BaseCommand):
    help = (
        "Check foreign keys, constraints and counters; with a backup, compare all rows and 200 pages with it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="the backup that was just restored")

    def handle(self, *args: Any, **options: Any) -> None:
        manifest = None
        if options["file"]:
            try:
                with opened(options["file"]) as archive:
                    manifest = archive.manifest
            except UnusableBackup as error:
                raise CommandError(str(error)) from None
        if not verify(manifest, write=self.stdout.write):
            raise CommandError("Something is wrong.")
