"""The attachments folder as one part of a backup: a tar inside the file, written and read as a stream."""

import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from django.conf import settings

from config.backup.archive import Archive, UnusableBackup
from config.backup.manifest import Part
from core.storage import files


def attachments_directory() -> Path:
    return settings.DATA_DIR / "attachments"


def has_attachments() -> bool:
    return next(_files(attachments_directory()), None) is not None


def save(into: IO[bytes]) -> None:
    """Writes all files. One that disappears during the backup belongs to a post newer than the snapshot, or to no
    post."""
    directory = attachments_directory()
    with tarfile.open(fileobj=into, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for path in _files(directory):
            try:
                with path.open("rb") as file:
                    entry = tar.gettarinfo(arcname=str(path.relative_to(directory)), fileobj=file)
                    tar.addfile(entry, file)
            except FileNotFoundError:
                continue
            _forget(tar)


def unpack(archive: Archive, part: Part | None) -> Callable[[], None]:
    """Unpacks the files of a backup next to the current ones. Returns a function that replaces those."""
    directory = attachments_directory()
    fresh = directory.with_name("attachments.restoring")
    shutil.rmtree(fresh, ignore_errors=True)
    if part:
        for _ in archive.blocks(part):  # checks the checksum before any file is written
            pass
        with archive.stream(part) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            for entry in tar:
                _write(tar, entry, fresh)
                _forget(tar)

    def put_in_place() -> None:
        if directory.exists():
            shutil.rmtree(directory)
        if fresh.exists():
            fresh.rename(directory)

    return put_in_place


def _files(directory: Path) -> Iterator[Path]:
    return (path for path in directory.rglob("*") if path.is_file() and not path.is_symlink())


def _write(tar: tarfile.TarFile, entry: tarfile.TarInfo, directory: Path) -> None:
    target = (directory / entry.name).resolve()
    content = tar.extractfile(entry) if entry.isfile() else None
    if content is None or not target.is_relative_to(directory.resolve()):
        raise UnusableBackup(f"An attachment has an invalid path: {entry.name!r}.")
    files.create_private_folder(target.parent)
    with files.create_private_file(target) as file:
        shutil.copyfileobj(content, file)


def _forget(tar: tarfile.TarFile) -> None:
    """tarfile remembers every member, and there may be very many."""
    tar.members = []  # type: ignore[attr-defined]
