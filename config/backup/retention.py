"""Where backups are stored, and for how long."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings

UNFINISHED = ".unfinished"


def backups_directory() -> Path:
    return settings.DATA_DIR / "backups"


def usual_path(made_at: datetime) -> Path:
    """Returns a path whose name sorts by time. `made_at` is in UTC."""
    return backups_directory() / f"belfry-{made_at:%Y%m%dT%H%M%SZ}.zip"


@contextmanager
def whole_or_nothing(path: Path) -> Iterator[IO[bytes]]:
    """Writes a file that gets its name only when this block succeeds and the data is on disk. Only its owner can read
    it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _tidy(path.parent)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}{UNFINISHED}")
    with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
            file.flush()
            os.fsync(file.fileno())
            unfinished.rename(path)
        except BaseException:
            unfinished.unlink()
            raise
    _to_disk(path.parent)


def keep_newest(number: int) -> list[Path]:
    """Removes all but the newest backups from the default directory. Returns the removed ones."""
    found = sorted(backups_directory().glob("belfry-*Z.zip"))
    surplus = found[:-number]
    for path in surplus:
        path.unlink()
    return surplus


def _tidy(directory: Path) -> None:
    """Removes files left by killed backups: those that no process has locked."""
    for path in directory.glob(f"belfry-*{UNFINISHED}"):
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            path.unlink(missing_ok=True)


def _to_disk(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
