"""Uploaded files, on disk under DATA_DIR/attachments or in a bucket (config/environment/upload_settings.py).

Their names cannot be guessed, and they are served only by Belfry, after a permission check.
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

DELETE_TIMEOUT = 1  # seconds (times BELFRY_DEADLINE_FACTOR) to wait for deletions that fail
DISK_FULL_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StorageUnavailable(Exception):
    """The storage is not available."""


class StorageFull(StorageUnavailable):
    """The disk is full."""


class PrivateFileStorage(FileSystemStorage):
    """Writes files atomically, and flushes them to disk before `save` returns."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        path = Path(self.path(name))
        create_private_folder(path.parent)
        unfinished = path.with_name(f".{token_hex(8)}")
        try:
            with create_private_file(unfinished) as file:
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


def create_private_folder(folder: Path) -> None:
    """Creates the folder and its parents with mode 700. (makedirs applies the mode to the last one only.)"""
    if not folder.is_dir():
        create_private_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)


def create_private_file(path: Path) -> IO[bytes]:
    """Creates a file that only this user can read, and returns it opened for writing."""
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def stored_files(files: dict[str, bytes]) -> Iterator[None]:
    """Writes the files and deletes them again if the block raises an error. After a database error it is unknown
    whether the transaction was committed; then the files stay, and a task sweeps them if they are unused."""
    try:
        for name, content in files.items():
            _write(name, content)
        yield
    except (OperationalError, InterfaceError):
        raise
    except BaseException:
        delete_files(*files)
        raise


def _write(name: str, content: bytes) -> None:
    try:
        _storage().save(name, ContentFile(content))
    except OSError as error:
        raise StorageFull if error.errno in DISK_FULL_ERRORS else StorageUnavailable from error
    except Exception as error:  # whatever the bucket's client raises
        raise StorageUnavailable from error


def open_file(name: str) -> "File[Any]":
    """Opens a file. Raises FileNotFoundError, or StorageUnavailable if the storage is not available."""
    try:
        file = _storage().open(name)
        # A bucket's file is downloaded here, while an error can still be reported.
        file.seek(0)
        return file
    except FileNotFoundError:
        raise
    except Exception as error:
        raise StorageUnavailable from error


def file_exists(name: str) -> bool:
    """Does the file exist? Raises StorageUnavailable if the storage is not available."""
    try:
        return _storage().exists(name)
    except Exception as error:
        raise StorageUnavailable from error


def delete_files(*names: str) -> None:
    """Deletes files, ignoring missing ones. Files that cannot be deleted now are swept later. If the storage hangs, it
    is waited for once, not for every file."""
    began = time.monotonic()
    for name in names:
        try:
            _storage().delete(name)
        except Exception:  # noqa: BLE001 - whatever the bucket's client raises
            if time.monotonic() - began > DELETE_TIMEOUT * settings.DEADLINE_FACTOR:
                return


def old_files(folder: str, *, before: datetime) -> Iterator[str]:
    """Yields the files two levels below a folder that were written before a time, unfinished ones too."""
    storage = _storage()
    for inner in _list(storage, folder)[0]:
        for name in _list(storage, f"{folder}/{inner}")[1]:
            path = f"{folder}/{inner}/{name}"
            try:
                if storage.get_modified_time(path) < before:
                    yield path
            except FileNotFoundError:
                continue


def _list(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _storage() -> Storage:
    return storages["attachments"]
