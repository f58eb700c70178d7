"""The cost of decoding a picture is computed before it is decoded: a few kilobytes cannot ask for minutes."""

import zlib
from functools import cache
from io import BytesIO

import pytest
from PIL import Image

from core.storage.images import FitInside, InvalidImage, read_header, resize, resize_image
from core.storage.images.decoding_cost import (
    CHUNKS_MOST,
    SCANNED_PIXELS_MOST,
    SCANS_MOST,
    SEGMENTS_MOST,
    SUB_BLOCKS_MOST,
    is_too_expensive,
)
from tests.support.pictures import picture, picture_with_location, png_chunk, scene

BOX = FitInside(480, 2_880)
GIF = picture(form="GIF")
WEBP = picture(form="WEBP")


def progressive(width: int = 64, height: int = 64) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "JPEG", progressive=True)
    return out.getvalue()


def with_repeated_scans(content: bytes, times: int, between: bytes = b"") -> bytes:
    """Repeats the last scan this many times."""
    begins = content.rfind(b"\xff\xda")
    return content[:-2] + (between + content[begins:-2]) * times + content[-2:]


def with_png_chunks(content: bytes, *more: bytes) -> bytes:
    """Returns a PNG with these chunks before its pixels."""
    return content[:33] + b"".join(more) + content[33:]


def animated(form: str, frames: int, **options) -> bytes:
    out = BytesIO()
    made = [Image.new("RGB", (30, 20), (number % 256, 0, 0)) for number in range(frames)]
    made[0].save(out, form, save_all=True, append_images=made[1:], **options)
    return out.getvalue()


@cache
def big_progressive() -> bytes:
    return progressive(8_000, 6_000)


GIF_COMMENT = b"\x21\xfe" + b"\xff" + b"c" * 255
# Made in the tests: all at once would take each process seconds to collect.
TOO_COMPLEX = {
    "scans": lambda: with_repeated_scans(progressive(), SCANS_MOST),
    "few scans of many pixels": lambda: with_repeated_scans(big_progressive(), SCANNED_PIXELS_MOST // 48_000_000 + 1),
    "scans after rubbish": lambda: with_repeated_scans(progressive(), SCANS_MOST, between=b"rubbish\xff\x00"),
    "scans after filling": lambda: with_repeated_scans(progressive(), SCANS_MOST, between=b"\xff" * 9),
    "scans after restarts": lambda: with_repeated_scans(progressive(), SCANS_MOST, between=b"\xff\xd0\xff\x01"),
    "tables": lambda: scene(64, 64)[:-2] + b"\xff\xfe\0\2" * (SEGMENTS_MOST + 1) + b"\xff\xd9",
    "chunks of a png": lambda: with_png_chunks(picture(), *[png_chunk(b"teSt", b"")] * CHUNKS_MOST),
    "texts of a png": lambda: with_png_chunks(picture(), *[png_chunk(b"tEXt", b"a\0b")] * CHUNKS_MOST),
    "pixels of a png in pieces": lambda: picture()[:-12] + png_chunk(b"IDAT", b"") * CHUNKS_MOST + picture()[-12:],
    "chunks of a webp": lambda: WEBP + b"teSt\0\0\0\0" * CHUNKS_MOST,
    "comments of a gif": lambda: GIF[:13] + (3 << (GIF[10] & 7) + 1 if GIF[10] & 0x80 else 0) * b"\0"
    + (GIF_COMMENT + b"\0") * SUB_BLOCKS_MOST + b"\x2c",
    "empty comments of a gif": lambda: GIF[:10] + b"\0" + GIF[11:13] + b"\x21\xfe\0" * (SUB_BLOCKS_MOST + 1),
    "one long comment of a gif": lambda: GIF[:10] + b"\0" + GIF[11:13] + b"\x21\xfe"
    + (b"\xff" + b"c" * 255) * (SUB_BLOCKS_MOST + 1) + b"\0",
}  # fmt: skip


@pytest.fixture
def decoder_inputs(monkeypatch) -> list[bytes]:
    """Collects what was given to a decoder, which is not started."""
    given: list[bytes] = []

    def run_process(content, header, shapes):
        given.append(content)
        raise InvalidImage("not decoded in this test")

    monkeypatch.setattr(resize, "_run_process", run_process)
    return given


@pytest.mark.parametrize("name", TOO_COMPLEX)
def test_too_complex_picture_is_rejected_before_decoding(name, decoder_inputs):
    with pytest.raises(InvalidImage, match="too complex"):
        resize_image(TOO_COMPLEX[name](), BOX)
    assert decoder_inputs == []


ORDINARY = {
    "a photograph": lambda: scene(2_000, 1_500),
    "a progressive one": lambda: progressive(),
    "a large progressive one": lambda: big_progressive(),
    "with a small one inside": lambda: picture_with_location(),
    "with what a camera adds": lambda: big_progressive()[:2] + b"\xff\xe1\xff\xff" + b"\xff\xda" * 32_766 + b"\0"
    + big_progressive()[2:],
    "behind its end": lambda: progressive() + progressive() * 20,
    "a drawing": lambda: picture(),
    "in pieces of 8 kB": lambda: picture()[:-12] + png_chunk(b"IDAT", b"") * 12_500 + picture()[-12:],
    "a gif that moves": lambda: animated("GIF", 300, loop=0),
    "a webp that moves": lambda: animated("WEBP", 100),
    "a png that moves": lambda: animated("PNG", 100),
    "a gif that says who made it": lambda: GIF[:10] + b"\0" + GIF[11:13] + b"\x21\xfe\3Ada\0" + GIF[13:],
}  # fmt: skip


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_picture_is_decoded(name, decoder_inputs):
    content = ORDINARY[name]()
    with pytest.raises(InvalidImage, match="not decoded in this test"):
        resize_image(content, BOX)
    assert decoder_inputs == [content]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_truncated_or_mangled_picture_is_checked_without_error(form):
    content = picture(form=form)
    for end in range(16, len(content)):
        for mangled in (content[:end], content[:end] + b"\xff" * 40, content[:end] + b"\0" * 40):
            if header := read_header(mangled):
                is_too_expensive(mangled, header)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_compressed_png_chunk_does_not_exhaust_memory(kind):
    """Megabytes of zeros in a few kilobytes: rejected or ignored, within the child's little memory."""
    packed = zlib.compress(b"\0" * 60_000_000)
    head = {b"zTXt": b"a\0\0", b"iTXt": b"a\0\1\0\0\0", b"iCCP": b"a\0\0"}[kind]
    content = with_png_chunks(picture(), png_chunk(kind, head + packed))
    try:
        assert resize_image(content, BOX)[0].width == 60
    except InvalidImage as error:
        assert "damaged" in str(error)  # noqa: PT017 - either is right


def test_one_sender_can_process_one_picture_at_a_time(monkeypatch):
    """During the picture of one sender, another one's is processed."""
    original, accepted = resize._run_process, []

    def run_process(content, header, shapes):
        with monkeypatch.context() as patch:
            patch.setattr(resize, "_run_process", original)
            with pytest.raises(resize.TooManyImages):
                resize_image(picture(), BOX, sender=1)
            accepted.extend(resize_image(picture(), BOX, sender=2))
        raise InvalidImage("the outer one")

    monkeypatch.setattr(resize, "_run_process", run_process)
    for _ in range(2):  # the sender may send again
        with pytest.raises(InvalidImage, match="the outer one"):
            resize_image(picture(), BOX, sender=1)
    assert len(accepted) == 2
    assert resize._senders == set()
