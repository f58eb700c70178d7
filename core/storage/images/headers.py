"""Reads the format and size of a picture from its header, without decoding it."""

import struct
from typing import NamedTuple

JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the segments that contain the size
JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a segment
JPEG_SEGMENTS_MOST = 2_000


class Header(NamedTuple):
    format: str
    width: int
    height: int

    @property
    def pixels(self) -> int:
        return self.width * self.height


def read_header(content: bytes) -> Header | None:
    """Returns the header of a PNG, JPEG, WebP or GIF, or None for anything else."""
    try:
        found = _read(content)
    except (struct.error, IndexError):  # it ends too soon
        return None
    return found if found and found.pixels > 0 else None


def _read(content: bytes) -> Header | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        return Header("png", *struct.unpack(">II", content[16:24]))
    if content.startswith((b"GIF87a", b"GIF89a")):
        return Header("gif", *struct.unpack("<HH", content[6:10]))
    if content.startswith(b"\xff\xd8\xff"):
        return _read_jpeg(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _read_webp(content)
    return None


def _read_jpeg(content: bytes) -> Header | None:
    at = 2
    for _ in range(JPEG_SEGMENTS_MOST):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:  # padding
            at += 1
        elif marker in JPEG_BARE:
            at += 2
        elif marker in JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return Header("jpeg", width, height)
        elif marker in (0xD8, 0xD9, 0xDA):  # a second start, an end, or pixels before the size
            return None
        else:
            at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return None


def _read_webp(content: bytes) -> Header | None:
    kind = content[12:16]
    if kind == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", content[26:30])
        return Header("webp", width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8L" and content[20] == 0x2F:
        (bits,) = struct.unpack("<I", content[21:25])
        return Header("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8X":
        width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
        return Header("webp", width, height)
    return None
