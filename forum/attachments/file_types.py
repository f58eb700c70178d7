"""Which files may be attached, how they are named and how they are served. Nothing is taken from the client: the
extension decides the type here, and the content has to match it."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from core.text.graphemes import JOINERS, truncate
from forum.models.attachment import FILE_NAME_MAX

IMAGE_EXTENSIONS = ("png", "jpg", "jpeg", "webp", "gif")
# Device names in Windows.
DEVICE_NAMES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
}
# What browsers escape in the file names of multipart forms.
BROWSER_ESCAPES = {"%22": '"', "%0D": " ", "%0A": " "}
ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class FileType:
    content_type: str
    signature: bytes | None = None  # None: text


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


class TypeNotAllowed(Exception):
    """The file type is not allowed; the message is for people."""


def type_of(name: str, content: bytes) -> FileType:
    """Returns the type by the extension of the clean name; raises TypeNotAllowed."""
    extension = extension_of(name)
    if extension not in settings.ATTACHMENT_TYPES:
        raise TypeNotAllowed(_not_allowed(extension))
    file_type = TYPES[extension]
    if not (content.startswith(file_type.signature) if file_type.signature else _is_text(content)):
        raise TypeNotAllowed(
            _("The content of this file doesn’t match its extension .%(ending)s.") % {"ending": extension}
        )
    return file_type


def allowed_in_words() -> str:
    """Returns the allowed files in words."""
    return ", ".join(
        [_("images (PNG, JPEG, WebP, GIF)"), *(f".{extension}" for extension in settings.ATTACHMENT_TYPES)]
    )


def accept_attribute() -> str:
    """Returns the extensions for the `accept` attribute of a file input."""
    return ",".join(f".{extension}" for extension in (*IMAGE_EXTENSIONS, *settings.ATTACHMENT_TYPES))


def extension_of(name: str) -> str:
    return PurePosixPath(name).suffix.removeprefix(".").lower()


def clean_name(name: str) -> str:
    """Returns a safe file name: one line without folders, invisible characters or device names. A long name is cut
    before its extension. Characters that some systems reject are replaced by the browser there."""
    for escape, character in BROWSER_ESCAPES.items():
        name = name.replace(escape, character)
    name = name.replace("\\", "/").rpartition("/")[2]
    visible = (character for character in unicodedata.normalize("NFC", name) if _is_visible(character))
    name = " ".join("".join(visible).split()).strip(". ")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    if stem.partition(".")[0].strip().lower() in DEVICE_NAMES:
        stem = f"_{stem}"
    extension = extension[:10]
    return (
        f"{truncate(stem, FILE_NAME_MAX - len(extension) - 1).rstrip()}{dot}{extension}"
        if stem
        else f"file{dot}{extension}"
    )


def disposition(name: str, *, as_attachment: bool) -> str:
    """Returns the Content-Disposition header. A name with characters that programs interpret differently is only sent
    in its encoded form."""
    kind = "attachment" if as_attachment else "inline"
    if name.isascii() and not set(name) & set('"\\%;'):
        return f'{kind}; filename="{name}"'
    return f"{kind}; filename*=utf-8''{quote(name, safe='')}"


def _is_visible(character: str) -> bool:
    return character == " " or character in JOINERS or unicodedata.category(character)[0] not in "CZ"


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode()
    except UnicodeDecodeError:
        return False


def _not_allowed(extension: str) -> str:
    if not extension:
        return _("Files without an extension aren’t allowed. Allowed: %(allowed)s.") % {
            "allowed": allowed_in_words()
        }
    message = _(".%(ending)s files aren’t allowed. Allowed: %(allowed)s.")
    return message % {"ending": extension, "allowed": allowed_in_words()}
