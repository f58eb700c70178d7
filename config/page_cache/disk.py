"""Cached pages on disk: for the other processes, for the next start, and for database outages.

A file is a checksum, a line of JSON and the two compressed bodies. It is written under another name and renamed, so
that no reader sees half of it; after a crash of the machine the checksum reveals damage.
"""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings

from config.page_cache.cache_key import Key
from config.page_cache.page import Page
from config.page_cache.release import release

CHECKSUM = hashlib.sha256
CHECKSUM_LENGTH = 32
AN_HOUR = 3600  # seconds
SWEEP_DOWN_TO = 0.8  # of the limit


def pages_directory() -> Path:
    return Path(settings.DATA_DIR / "pages")


class Torn(ValueError):  # noqa: N818 - it reads as what happened
    """The file is damaged."""


class Disk:
    def __init__(self, directory: Path, *, max_bytes: int) -> None:
        self.directory, self.max_bytes = directory, max_bytes
        self.written = max_bytes  # bytes since the last sweep; what earlier processes wrote is unknown

    def read(self, key: Key, *, of_any_release: bool = False) -> Page | None:
        """`of_any_release`: also pages made by an earlier version of Belfry, which may look different."""
        path = self._path(key)
        try:
            page, made_by = _unpack(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, Torn):
            with suppress(OSError):
                path.unlink()
            return None
        if page.key != key or not (of_any_release or made_by == release()):
            return None
        return page

    def write(self, page: Page) -> None:
        """If the disk is full or missing, the page is only cached in memory."""
        path = self._path(page.key)
        packed = _pack(page)
        with suppress(OSError):
            self._write(path, packed)
            self.written += len(packed)

    def is_due_for_sweep(self) -> bool:
        return self.written > self.max_bytes * (1 - SWEEP_DOWN_TO) / 2

    def sweep(self, in_use: Iterable[Key] = ()) -> None:
        """Enforces the size limit: deletes the oldest pages that are not in use."""
        self.written = 0
        for key in in_use:
            with suppress(OSError):
                os.utime(self._path(key))
        self._remove_left_behind()
        found = sorted(self._ages())
        total = sum(size for _, size, _ in found)
        if total <= self.max_bytes * SWEEP_DOWN_TO:
            return
        for _, size, path in found:
            if total <= self.max_bytes * SWEEP_DOWN_TO:
                break
            path.unlink(missing_ok=True)
            total -= size

    def drop(self, is_due: Callable[[dict[str, int]], bool]) -> None:
        """Deletes every page whose dependencies fulfil this condition."""
        for path in self._files():
            try:
                with path.open("rb") as file:
                    file.seek(CHECKSUM_LENGTH)
                    rests_on = json.loads(file.readline())["rests_on"]
            except (OSError, ValueError, KeyError):
                rests_on = None
            if rests_on is None or is_due(rests_on):
                path.unlink(missing_ok=True)

    # The last known state, for a process that starts during an outage.

    def remember(self, state: dict[str, Any]) -> None:
        with suppress(OSError):
            self._write(self._state_file, json.dumps(state).encode())

    def remembered(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self._state_file.read_bytes()))
        except (OSError, ValueError):
            return {}

    @cached_property
    def _state_file(self) -> Path:
        return self.directory / "seen.json"

    def _path(self, key: Key) -> Path:
        name = hashlib.sha256("\n".join(key).encode("utf-8", "surrogateescape")).hexdigest()
        return self.directory / name[:2] / f"{name[2:]}.page"

    def _remove_left_behind(self) -> None:
        """Deletes files that a killed process was writing."""
        for unfinished in self.directory.glob("??/*.new"):
            with suppress(OSError):
                if time.time() - unfinished.stat().st_mtime > AN_HOUR:
                    unfinished.unlink()

    def _files(self) -> Iterator[Path]:
        return self.directory.glob("??/*.page")

    def _ages(self) -> Iterator[tuple[float, int, Path]]:
        for path in self._files():
            with suppress(OSError):
                stat = path.stat()
                yield stat.st_mtime, stat.st_size, path

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=".new")
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
            os.replace(temporary, path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise


def _pack(page: Page) -> bytes:
    head = {
        "key": page.key,
        "release": release(),
        "rests_on": page.rests_on,
        "made_at": page.made_at.isoformat(),
        "headers": page.headers,
        "digest": page.digest,
        "until": page.until and page.until.isoformat(),
        "gzip": len(page.gzip),
    }
    packed = json.dumps(head).encode() + b"\n" + page.gzip + page.brotli
    return CHECKSUM(packed).digest() + packed


def _unpack(file: bytes) -> tuple[Page, str]:
    checksum, packed = file[:CHECKSUM_LENGTH], file[CHECKSUM_LENGTH:]
    if CHECKSUM(packed).digest() != checksum:
        raise Torn
    line, _, bodies = packed.partition(b"\n")
    try:
        head = json.loads(line)
        page = Page(
            key=Key(*head["key"]),
            rests_on=head["rests_on"],
            made_at=datetime.fromisoformat(head["made_at"]),
            headers=[(name, value) for name, value in head["headers"]],
            gzip=bodies[: head["gzip"]],
            brotli=bodies[head["gzip"] :],
            digest=head["digest"],
            until=datetime.fromisoformat(head["until"]) if head["until"] else None,
        )
        return page, head["release"]
    except (KeyError, TypeError, ValueError):  # another release wrote another format
        raise Torn from None
