"""Estimates the work of decoding a picture from its markers, before anything is decoded.

A file of a few kilobytes can make a decoder go over the same pixels thousands of times (the scans of a progressive
JPEG), or read hundreds of thousands of tiny chunks. Pictures from cameras and programs are far below these limits.
"""

import re
from collections.abc import Iterator

from core.storage.images.headers import JPEG_BARE, Header

SCANS_MOST = 64  # of a JPEG; most programs write ten
SCANNED_PIXELS_MOST = 1_000_000_000  # its pixels times its scans
SEGMENTS_MOST = 4_000  # of a JPEG
CHUNKS_MOST = 20_000  # of a PNG or WebP; PNGs are usually in chunks of 8 kB or more
SUB_BLOCKS_MOST = 4_000  # of a GIF before its first frame: comments and the like, up to 255 bytes each

MARKER = re.compile(rb"\xff+([^\x00\xff])", re.DOTALL)
SCAN, END = 0xDA, 0xD9


def is_too_expensive(content: bytes, header: Header) -> bool:
    """Could decoding take much longer than the size suggests?"""
    if header.format == "jpeg":
        return _is_expensive_jpeg(content, header.pixels)
    if header.format == "png":
        return _has_more_than(_png_chunks(content), CHUNKS_MOST)
    if header.format == "webp":
        return _has_more_than(_webp_chunks(content), CHUNKS_MOST)
    return _has_more_than(_gif_sub_blocks(content), SUB_BLOCKS_MOST)


def _is_expensive_jpeg(content: bytes, pixels: int) -> bool:
    scans = 0
    for number, marker in enumerate(_jpeg_markers(content)):
        scans += marker == SCAN
        if number > SEGMENTS_MOST or scans > SCANS_MOST or scans * pixels > SCANNED_PIXELS_MOST:
            return True
    return False


def _jpeg_markers(content: bytes) -> Iterator[int]:
    """Yields the markers that have a segment, skipping other bytes like decoders do."""
    at = 2
    while found := MARKER.search(content, at):
        marker, at = found[1][0], found.end()
        if marker == END:
            return
        if marker not in JPEG_BARE:
            yield marker
            at += int.from_bytes(content[at : at + 2], "big")


def _png_chunks(content: bytes) -> Iterator[int]:
    at = 8
    while at < len(content):
        yield at
        at += 12 + int.from_bytes(content[at : at + 4], "big")


def _webp_chunks(content: bytes) -> Iterator[int]:
    at = 12
    while at < len(content):
        yield at
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        # A frame contains chunks of its own.
        at += 24 if content[at : at + 4] == b"ANMF" else 8 + size + size % 2


def _gif_sub_blocks(content: bytes) -> Iterator[int]:
    """Yields the position of each block before the first frame."""
    flags = int.from_bytes(content[10:11], "big")
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    while content[at : at + 1] == b"\x21":
        yield at
        at += 2
        while size := int.from_bytes(content[at : at + 1], "big"):
            yield at
            at += 1 + size
        at += 1


def _has_more_than(pieces: Iterator[int], most: int) -> bool:
    return any(number >= most for number, _ in enumerate(pieces))
