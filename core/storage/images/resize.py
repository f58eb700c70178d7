"""Has a picture made anew by a process of its own (child.py), and believes nothing of what comes back unseen."""

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

from core.storage.images.decoding_cost import is_too_much
from core.storage.images.headers import Header, read_header

# A JPEG is decoded at about the size that is needed; of the others every pixel has to be seen.
PIXELS_MOST = {"jpeg": 50_000_000, "png": 25_000_000, "webp": 25_000_000, "gif": 25_000_000}
# Seconds, as all limits here before BELFRY_DEADLINE_FACTOR.
SECONDS_MOST = 15
CPU_SECONDS_MOST = 10
WAIT_MOST = 8  # until one's turn
NICENESS = 19  # pages come first
AT_ONCE = 2  # in this process; each takes a core, and up to child.MEMORY_MOST
ANSWER_MOST = 40_000_000  # bytes
CHILD = Path(__file__).with_name("resize_process.py")

_turns = BoundedSemaphore(AT_ONCE)
_senders: set[Hashable] = set()  # whose picture is being made, or waits for its turn
_senders_lock = Lock()


class NoPicture(Exception):
    """It cannot be shown; the text says why, for people."""


class Busy(Exception):
    """Too many pictures at once, or a second one of the same sender. A moment later there is room."""


@dataclass(frozen=True)
class Inside:
    """As it is, made smaller if need be to fit into this; never larger."""

    width: int
    height: int
    square: bool = False


def Square(side: int) -> Inside:  # noqa: N802 - reads as a kind of shape
    """The middle of it."""
    return Inside(side, side, square=True)


class Made(NamedTuple):
    width: int
    height: int
    content: bytes  # WebP


def remake(content: bytes, *shapes: Inside, sender: Hashable = None) -> list[Made]:
    """The picture in these shapes, from the smallest to the largest. Raises NoPicture or Busy: of one `sender`, one
    picture at a time is made.

    Of one that moves it is the first frame: nobody can stop a picture that starts by itself."""
    header = read_header(content)
    if header is None:
        raise NoPicture("This is no picture that can be shown: send a PNG, JPEG, WebP or GIF.")
    most = PIXELS_MOST[header.format]
    if header.pixels > most:
        raise NoPicture(
            f"This picture is {header.width:,} × {header.height:,} pixels large; of this format at most"
            f" {most // 1_000_000} million pixels can be taken. Make it smaller first."
        )
    if is_too_much(content, header):
        raise NoPicture("This picture is put together in too many pieces. Save it anew, then send it.")
    with _alone(sender), _my_turn():
        answer = _ask(content, header, shapes)
    return _read(answer, shapes)


@contextmanager
def _alone(sender: Hashable) -> Iterator[None]:
    """Nobody has others wait for several of their own pictures."""
    with _senders_lock:
        if sender in _senders:
            raise Busy
        if sender is not None:
            _senders.add(sender)
    try:
        yield
    finally:
        with _senders_lock:
            _senders.discard(sender)


@contextmanager
def _my_turn() -> Iterator[None]:
    if not _turns.acquire(timeout=WAIT_MOST * settings.DEADLINE_FACTOR):
        raise Busy
    try:
        yield
    finally:
        _turns.release()


def _ask(content: bytes, header: Header, shapes: tuple[Inside, ...]) -> bytes:
    asked = {
        "niceness": NICENESS,
        "seconds": math.ceil(CPU_SECONDS_MOST * settings.DEADLINE_FACTOR),
        "format": header.format.upper(),
        "pixels": PIXELS_MOST[header.format],
        "shapes": [{"width": one.width, "height": one.height, "square": one.square} for one in shapes],
    }
    try:
        ended = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", str(CHILD), json.dumps(asked)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS_MOST * settings.DEADLINE_FACTOR,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoPicture("This picture takes too long to read.") from None
    if ended.returncode:
        raise NoPicture("This picture is broken, or no picture: it cannot be read to its end.")
    return ended.stdout


def _read(answer: bytes, shapes: tuple[Inside, ...]) -> list[Made]:
    """Also a child that somebody has taken over gives back nothing but pictures of the sizes asked for."""
    said, _, rest = answer.partition(b"\n")
    made = []
    try:
        for shape, one in zip(sorted(shapes, key=lambda shape: shape.width), json.loads(said), strict=True):
            content, rest = rest[: one["bytes"]], rest[one["bytes"] :]
            header = read_header(content)
            if header is None or header != Header("webp", one["width"], one["height"]):
                raise ValueError
            if one["width"] > shape.width or one["height"] > shape.height:
                raise ValueError
            made.append(Made(one["width"], one["height"], content))
    except (ValueError, KeyError, TypeError):
        raise NoPicture("This picture cannot be read.") from None
    return made
