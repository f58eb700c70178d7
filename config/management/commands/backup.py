"""`make backup`: writes the whole community to one file."""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.backup.retention import keep_newest
from config.backup.save import save


class Command(BaseCommand):
    help = "Write all of the community into one file while it goes on. The file holds private data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="where to; by default into DATA_DIR/backups")
        parser.add_argument(
            "--keep", type=int, help="afterwards remove all but so many of the newest from DATA_DIR/backups"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file, keep = options["file"], options["keep"]
        if keep is not None and (keep < 1 or file):
            raise CommandError("KEEP is 1 or more, and counts backups in DATA_DIR/backups: leave out FILE.")
        if file and file.exists():
            raise CommandError(f"{file} exists already.")
        began = perf_counter()
        try:
            path, manifest = save(file)
        except OSError as error:
            raise CommandError(f"The backup was not written: {error}") from None
        rows = sum(table.rows for table in manifest.tables)
        self.stdout.write(
            f"{path}: {rows:,} rows of {len(manifest.tables)} tables, {path.stat().st_size / 1e6:,.1f} MB, "
            f"{perf_counter() - began:.1f} s. It holds private data and everybody's password hash."
        )
        if keep:
            for removed in keep_newest(keep):
                self.stdout.write(f"Removed {removed.name}.")
