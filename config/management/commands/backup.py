"""`make backup`: writes the whole community to one file."""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.backup.retention import keep_newest
from config.backup.save import save


class Command(BaseCommand):
    help = "Back up the running community to one file. The file contains private data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="path of the backup; by default in DATA_DIR/backups")
        parser.add_argument(
            "--keep", type=int, help="number of backups to keep in DATA_DIR/backups; older ones are removed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file, keep = options["file"], options["keep"]
        if keep is not None and (keep < 1 or file):
            raise CommandError(
                "KEEP must be 1 or more, and cannot be used with FILE: it applies to DATA_DIR/backups."
            )
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
            f"{perf_counter() - began:.1f} s. It contains private data and all password hashes."
        )
        if keep:
            for removed in keep_newest(keep):
                self.stdout.write(f"Removed {removed.name}.")
