"""Files that people sent: on this machine's disk under DATA_DIR/attachments, or in a bucket
(config/environment/upload_settings.py).

They have names that nobody can guess, and only Belfry reads them: it asks first who wants to.
"""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import IO, Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import InterfaceError, OperationalError

PATIENCE = 1  # seconds before BELFRY_DEADLINE_FACTOR, with a place that removes nothing
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class NotKept(Exception):
    """Where files are kept takes or gives none just now."""


class NoRoom(NotKept):
    """The disk is full."""


class PrivateFiles(FileSystemStorage):
    """A file stands there whole or not at all, and is on the disk before anybody is told that it was taken."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        path = Path(self.path(name))
        make_private_folder(path.parent)
        unfinished = path.with_name(f".{token_hex(8)}")
        try:
            with opened_private(unfinished) as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.rename(unfinished, path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _sync(path.parent)
        return name


def make_private_folder(folder: Path) -> None:
    """With everything above it, for nobody else to look into: makedirs would open all but the last to everybody."""
    if not folder.is_dir():
        make_private_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)


def opened_private(path: Path) -> IO[bytes]:
    """A new file."""
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def put(files: dict[str, bytes]) -> Iterator[None]:
    """Write these files, which stay if the block goes well: what it raises takes all of them away again. Only where
    nobody knows whether what it wrote was committed they stay, and are swept if it was not."""
    try:
        for name, content in files.items():
            _write(name, content)
        yield
    except (OperationalError, InterfaceError):
        raise
    except BaseException:
        remove(*files)
        raise


def _write(name: str, content: bytes) -> None:
    try:
        _storage().save(name, ContentFile(content))
    except OSError as error:
        raise NoRoom if error.errno in FULL else NotKept from error
    except Exception as error:  # whatever the library that speaks with the bucket raises
        raise NotKept from error


def fetch(name: str) -> "File[Any]":
    """Raises FileNotFoundError, or NotKept where the place does not answer."""
    try:
        file = _storage().open(name)
        # A bucket's is read as a whole now: where it is sent, nobody could say any more that it did not come.
        file.seek(0)
        return file
    except FileNotFoundError:
        raise
    except Exception as error:
        raise NotKept from error


def is_kept(name: str) -> bool:
    """Is it there? Raises NotKept where the place does not answer."""
    try:
        return _storage().exists(name)
    except Exception as error:
        raise NotKept from error


def remove(*names: str) -> None:
    """What is not there (any more) is removed; what cannot be removed now is swept later. A place that hangs is waited
    for once, not for every file."""
    began = time.monotonic()
    for name in names:
        try:
            _storage().delete(name)
        except Exception:  # noqa: BLE001 - whatever the library that speaks with the bucket raises
            if time.monotonic() - began > PATIENCE * settings.DEADLINE_FACTOR:
                return


def names_below(folder: str, *, before: datetime) -> Iterator[str]:
    """All files two levels below this folder that were written before a time, unfinished ones too."""
    storage = _storage()
    for inner in _listed(storage, folder)[0]:
        for name in _listed(storage, f"{folder}/{inner}")[1]:
            path = f"{folder}/{inner}/{name}"
            try:
                if storage.get_modified_time(path) < before:
                    yield path
            except FileNotFoundError:
                continue


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _storage() -> Storage:
    return storages["attachments"]
