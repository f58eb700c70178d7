"""The backup file: parts that are written and read as streams, and a checksum (the seal) over every byte."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from config.backup.manifest import FORMAT, Manifest, Part
from config.backup.progress import progress

BLOCK = 256 * 1024
MANIFEST = "manifest.json"
NOT_OURS = "This is not a Belfry backup."
SEAL = b"sha256:"
SEAL_SIZE = len(SEAL) + 64


class UnusableBackup(Exception):
    """The file cannot be restored; the message says why."""


class PartWriter:
    """Writes one part. Collects small pieces, since a row is much less than zlib handles efficiently."""

    def __init__(self, name: str, stream: IO[bytes]) -> None:
        self.name = name
        self._stream = stream
        self._buffer = bytearray()
        self._size = 0
        self._hash = hashlib.sha256()

    def write(self, data: bytes | memoryview) -> int:
        self._buffer += data
        if len(self._buffer) >= BLOCK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        self._hash.update(self._buffer)
        self._stream.write(self._buffer)
        self._size += len(self._buffer)
        self._buffer = bytearray()

    def finished(self) -> Part:
        return Part(self.name, self._size, self._hash.hexdigest())


class SealedFile:
    """Hashes everything that is written to the file. It cannot seek, so zipfile writes strictly forward."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self._tail = b""  # the last bytes, which the seal may have to replace

    def write(self, data: bytes) -> int:
        joined = self._tail + bytes(data)
        final = joined[:-SEAL_SIZE]
        self._hash.update(final)
        self._file.write(final)
        self._tail = joined[-SEAL_SIZE:]
        return len(data)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        """Writes the seal. The caller closes the underlying file."""
        self._file.write(SEAL + self._hash.hexdigest().encode())


class ArchiveWriter:
    """Writes a backup; a context manager. Nothing is written to the file after it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._sealed = SealedFile(file)
        # The fastest compression: text shrinks to a third, and one core keeps up with the rest.
        self._zip = ZipFile(self._sealed, "w", ZIP_DEFLATED, compresslevel=1)

    def __enter__(self) -> "ArchiveWriter":
        return self

    def __exit__(self, *error: object) -> None:
        self._zip.close()

    @contextmanager
    def part(self, name: str) -> Iterator[PartWriter]:
        """Writes a part within this block; call its `finished()` afterwards."""
        with self._zip.open(name, "w", force_zip64=True) as stream:
            writer = PartWriter(name, stream)
            yield writer
            writer.flush()

    def finish(self, manifest: Manifest) -> None:
        with self.part(MANIFEST) as part:
            part.write(manifest.to_json())
        self._zip.comment = SEAL.ljust(SEAL_SIZE, b"0")
        self._zip.close()
        self._sealed.close()


class Archive:
    """A backup whose checksum is correct."""

    def __init__(self, file: ZipFile, manifest: Manifest) -> None:
        self._zip = file
        self.manifest = manifest

    def blocks(self, part: Part) -> Iterator[bytes]:
        """Yields the bytes of a part, and finally compares them with the manifest."""
        digest = hashlib.sha256()
        with self._zip.open(part.name) as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
                yield block
        if digest.hexdigest() != part.sha256:
            raise UnusableBackup(f"{part.name} does not match the manifest.")

    def stream(self, part: Part) -> IO[bytes]:
        return self._zip.open(part.name)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Opens a backup, and rejects it before anything else happens unless it is complete."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise UnusableBackup(f"{path} cannot be read: {error.strerror}.") from None
    with file:
        _check_seal(file)
        with _parts(file) as parts:
            yield Archive(parts, _manifest(parts))


def _check_seal(file: IO[bytes]) -> None:
    remaining = file.seek(0, 2) - SEAL_SIZE
    file.seek(0)
    digest = hashlib.sha256()
    with progress("Checking the file", max(remaining, 0), "B") as advance:
        while remaining > 0 and (block := file.read(min(BLOCK, remaining))):
            digest.update(block)
            remaining -= len(block)
            advance(len(block))
    if file.read() != SEAL + digest.hexdigest().encode():
        raise UnusableBackup("The file is damaged or was changed: the checksum doesn’t match.")
    file.seek(0)


def _parts(file: IO[bytes]) -> ZipFile:
    try:
        return ZipFile(file)
    except BadZipFile:
        raise UnusableBackup(NOT_OURS) from None


def _manifest(parts: ZipFile) -> Manifest:
    try:
        text = parts.read(MANIFEST)
        if (found := json.loads(text)["format"]) != FORMAT:
            raise UnusableBackup(
                f"The file has format {found}; this version of Belfry reads format {FORMAT}."
            )
        manifest = Manifest.from_json(text)
    except (BadZipFile, KeyError, TypeError, ValueError):
        raise UnusableBackup(NOT_OURS) from None
    expected: list[Any] = [*(table.part for table in manifest.tables), manifest.attachments]
    for part in filter(None, expected):
        if part.name not in parts.namelist() or parts.getinfo(part.name).file_size != part.size:
            raise UnusableBackup(f"{part.name} is missing, or its size doesn’t match the manifest.")
    return manifest
