"""Re-encodes a picture in a separate process (resize_process.py), and checks what the process returns."""

import json
import math
import subprocess
import sys
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext

from core.storage.images.decoding_cost import is_too_expensive
from core.storage.images.headers import Header, read_header

# A JPEG is decoded at about the size needed; of other formats, every pixel is decoded.
MAX_PIXELS = {"jpeg": 50_000_000, "png": 25_000_000, "webp": 25_000_000, "gif": 25_000_000}
# Seconds, to be multiplied by BELFRY_DEADLINE_FACTOR like all limits here.
MAX_SECONDS = 15
MAX_CPU_SECONDS = 10
MAX_WAIT = 8  # for a free slot
NICENESS = 19  # pages have priority
MAX_CONCURRENT = 2  # per process; each uses a core and up to resize_process.MAX_MEMORY
PROGRAM = Path(__file__).with_name("resize_process.py")

_slots = BoundedSemaphore(MAX_CONCURRENT)
_senders: set[Hashable] = set()  # whose picture is being processed or waiting
_senders_lock = Lock()


class InvalidImage(Exception):
    """The picture cannot be shown. The message tells the user why."""


class TooManyImages(Exception):
    """Too many pictures at once, or a second one of the same sender. Trying again later helps."""


@dataclass(frozen=True)
class FitInside:
    """A picture scaled down, if necessary, to fit this size; never enlarged."""

    width: int
    height: int
    square: bool = False


def CroppedSquare(side: int) -> FitInside:  # noqa: N802 - reads as a kind of shape
    """The center of the picture, cropped to a square."""
    return FitInside(side, side, square=True)


class ResizedImage(NamedTuple):
    width: int
    height: int
    content: bytes  # WebP


def resize_image(content: bytes, *shapes: FitInside, sender: Hashable = None) -> list[ResizedImage]:
    """Returns the picture in these shapes, from the smallest to the largest. Raises InvalidImage or
    TooManyImages; each `sender` can have one picture processed at a time.

    Only the first frame of an animation is used, since readers could not stop it."""
    header = read_header(content)
    if header is None:
        raise InvalidImage(gettext("Unsupported image. Use a PNG, JPEG, WebP or GIF."))
    max_pixels = MAX_PIXELS[header.format]
    if header.pixels > max_pixels:
        too_large = gettext(
            "This image has %(width)s × %(height)s pixels. The limit for this format is %(millions)d million pixels: "
            "make the image smaller."
        )
        size = {
            "width": f"{header.width:,}",
            "height": f"{header.height:,}",
            "millions": max_pixels // 1_000_000,
        }
        raise InvalidImage(too_large % size)
    if is_too_expensive(content, header):
        raise InvalidImage(
            gettext("This image is too complex. Save it again in an image editor, then upload it.")
        )
    with _one_per_sender(sender), _free_slot():
        output = _run_process(content, header, shapes)
    return _read_output(output, shapes)


@contextmanager
def _one_per_sender(sender: Hashable) -> Iterator[None]:
    """Allows one picture at a time per sender, so that nobody fills the queue alone."""
    with _senders_lock:
        if sender in _senders:
            raise TooManyImages
        if sender is not None:
            _senders.add(sender)
    try:
        yield
    finally:
        with _senders_lock:
            _senders.discard(sender)


@contextmanager
def _free_slot() -> Iterator[None]:
    if not _slots.acquire(timeout=MAX_WAIT * settings.DEADLINE_FACTOR):
        raise TooManyImages
    try:
        yield
    finally:
        _slots.release()


def _run_process(content: bytes, header: Header, shapes: tuple[FitInside, ...]) -> bytes:
    params = {
        "niceness": NICENESS,
        "seconds": math.ceil(MAX_CPU_SECONDS * settings.DEADLINE_FACTOR),
        "format": header.format.upper(),
        "pixels": MAX_PIXELS[header.format],
        "shapes": [
            {"width": shape.width, "height": shape.height, "square": shape.square} for shape in shapes
        ],
    }
    try:
        process = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", str(PROGRAM), json.dumps(params)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MAX_SECONDS * settings.DEADLINE_FACTOR,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InvalidImage(gettext("This image takes too long to process.")) from None
    if process.returncode:
        raise InvalidImage(gettext("This file is damaged or not an image."))
    return process.stdout


def _read_output(output: bytes, shapes: tuple[FitInside, ...]) -> list[ResizedImage]:
    """Checks that the process returned WebP pictures of the right sizes, in case it was compromised."""
    sizes, _, rest = output.partition(b"\n")
    images = []
    try:
        for shape, size in zip(sorted(shapes, key=lambda shape: shape.width), json.loads(sizes), strict=True):
            content, rest = rest[: size["bytes"]], rest[size["bytes"] :]
            header = read_header(content)
            if header is None or header != Header("webp", size["width"], size["height"]):
                raise ValueError
            if size["width"] > shape.width or size["height"] > shape.height:
                raise ValueError
            images.append(ResizedImage(size["width"], size["height"], content))
    except (ValueError, KeyError, TypeError):
        raise InvalidImage(gettext("This image can’t be read.")) from None
    return images
