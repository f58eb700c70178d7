"""`make restore FILE=...`: restores a community from a backup."""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.backup.archive import UnusableBackup
from config.backup.restore import WillNotRestore, restore
from config.backup.verify import verify


class Command(BaseCommand):
    help = "Restore a backup to an empty database, and verify it. Belfry must not be running."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="the backup")
        parser.add_argument("--force", action="store_true", help="replace everything in the database")

    def handle(self, *args: Any, **options: Any) -> None:
        began = perf_counter()
        try:
            manifest = restore(options["file"], force=options["force"])
        except (UnusableBackup, WillNotRestore) as error:
            raise CommandError(str(error)) from None
        elapsed = perf_counter() - began
        self.stdout.write(f"Restored the community as of {manifest.made_at} in {elapsed:.1f} s.")
        if not verify(manifest, write=self.stdout.write):
            raise CommandError("The restored data doesn’t match the backup.")
        self.stdout.write(
            f"Verified in {perf_counter() - began - elapsed:.1f} s. Everyone has to sign in again."
        )
