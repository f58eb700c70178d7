"""Which files may be attached, what they are called and how they are served. Nothing of it is believed from whoever
sends one: the type is that of its ending here, and its content has to look like it."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from django.conf import settings

from core.text.graphemes import JOINERS, cut
from forum.models.limits import FILE_NAME_MAX

PICTURES = ("png", "jpg", "jpeg", "webp", "gif")
# Names that Windows takes for devices.
DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
}
# What a browser must not write into the head of a form's part; everything else it sends as it is.
AS_BROWSERS_SEND = {"%22": '"', "%0D": " ", "%0A": " "}
ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class FileType:
    content_type: str
    begins: bytes | None = None  # None: it is text


TYPES = {
    "pdf": FileType("application/pdf", b"%PDF-"),
    "txt": FileType("text/plain; charset=utf-8"),
    "log": FileType("text/plain; charset=utf-8"),
    "md": FileType("text/plain; charset=utf-8"),
    "csv": FileType("text/csv; charset=utf-8"),
    "zip": FileType("application/zip", ZIP),
    "docx": FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ZIP),
    "xlsx": FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ZIP),
    "odt": FileType("application/vnd.oasis.opendocument.text", ZIP),
    "ods": FileType("application/vnd.oasis.opendocument.spreadsheet", ZIP),
}


class NotTaken(Exception):
    """A file of a kind that is not taken; the text says why, for people."""


def type_of(name: str, content: bytes) -> FileType:
    """By the ending of its clean name; raises NotTaken."""
    ending = ending_of(name)
    if ending not in settings.ATTACHMENT_TYPES:
        raise NotTaken(f"{_called(ending)}: only {taken()} can be attached.")
    kind = TYPES[ending]
    if not (content.startswith(kind.begins) if kind.begins else _is_text(content)):
        raise NotTaken(f"What is in this file is not what “.{ending}” says.")
    return kind


def taken() -> str:
    """In words: what may be attached."""
    return ", ".join(
        ["pictures (PNG, JPEG, WebP, GIF)", *(f".{ending}" for ending in settings.ATTACHMENT_TYPES)]
    )


def accepted() -> str:
    """For the browser's window in which one chooses."""
    return ",".join(f".{ending}" for ending in (*PICTURES, *settings.ATTACHMENT_TYPES))


def ending_of(name: str) -> str:
    return PurePosixPath(name).suffix.removeprefix(".").lower()


def clean_name(said: str) -> str:
    """One line that is a file's name: no folder, nothing invisible, no device; its ending is kept when it is cut. Signs
    that a system does not take in a name are for the browser there to change."""
    for sent, sign in AS_BROWSERS_SEND.items():
        said = said.replace(sent, sign)
    name = said.replace("\\", "/").rpartition("/")[2]
    seen = (letter for letter in unicodedata.normalize("NFC", name) if _shows(letter))
    name = " ".join("".join(seen).split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    if stem.partition(".")[0].strip().lower() in DEVICES:
        stem = f"_{stem}"
    ending = ending[:10]
    return (
        f"{cut(stem, FILE_NAME_MAX - len(ending) - 1).rstrip()}{dot}{ending}"
        if stem
        else f"file{dot}{ending}"
    )


def disposition(name: str, *, as_attachment: bool) -> str:
    """The header that names a file. Of a name with signs that programs read each in their own way, only the form that
    all read alike."""
    how = "attachment" if as_attachment else "inline"
    if name.isascii() and not set(name) & set('"\\%;'):
        return f'{how}; filename="{name}"'
    return f"{how}; filename*=utf-8''{quote(name, safe='')}"


def _shows(letter: str) -> bool:
    return letter == " " or letter in JOINERS or unicodedata.category(letter)[0] not in "CZ"


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode()
    except UnicodeDecodeError:
        return False


def _called(ending: str) -> str:
    return f"No “.{ending}” here" if ending else "Its name has no ending"
