"""Whatever is sent as a picture, the stored file was written by us; and nothing that is sent costs much."""

import itertools
import json
import os
import resource
import signal
import struct
import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image

from core.storage.images import (
    CroppedSquare,
    FitInside,
    Header,
    InvalidImage,
    TooManyImages,
    read_header,
    resize,
    resize_image,
)
from tests.support.pictures import POLYGLOTS, bomb, picture, picture_with_location, scene

BOX = FitInside(480, 2_880)
BOMB_GROWTH_MOST = 50_000  # kB
BOMB_SECONDS_MOST = 1.0


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_picture_is_stored_as_webp_of_the_same_size(form):
    (made,) = resize_image(picture(60, 40, form), BOX)
    assert (opened(made.content).format, made.width, made.height) == ("WEBP", 60, 40)


@pytest.mark.slow
def test_picture_is_scaled_down_but_never_up():
    narrow, wide = resize_image(scene(2_000, 1_000), FitInside(480, 2_880), FitInside(1_440, 8_640))
    assert [(narrow.width, narrow.height), (wide.width, wide.height)] == [(480, 240), (1_440, 720)]
    assert [opened(made.content).size for made in (narrow, wide)] == [(480, 240), (1_440, 720)]
    (small,) = resize_image(scene(100, 50), FitInside(480, 2_880))
    assert (small.width, small.height) == (100, 50)


def test_cropped_squares_show_the_center_in_the_requested_sizes():
    """A blue square between a red one and a green one."""
    lying = Image.new("RGB", (300, 100), "red")
    lying.paste("blue", (100, 0, 200, 100))
    lying.paste("lime", (200, 0, 300, 100))
    out = BytesIO()
    lying.save(out, "PNG")
    squares = resize_image(out.getvalue(), CroppedSquare(48), CroppedSquare(96))
    assert [(one.width, one.height) for one in squares] == [(48, 48), (96, 96)]
    for one in squares:
        shown = opened(one.content).convert("RGB")
        for x, y in itertools.product((2, one.width - 3), repeat=2):
            red, green, blue = shown.getpixel((x, y))
            assert (red < 80, green < 80, blue > 200) == (True, True, True), (x, y)


def test_picture_is_rotated_upright_and_loses_its_metadata():
    sent = picture_with_location(60, 40)
    assert opened(sent).getexif().get_ifd(0x8825)
    (made,) = resize_image(sent, BOX)
    shown = opened(made.content)
    assert shown.size == (40, 60)
    assert not shown.getexif()
    assert set(shown.info) <= {"background", "loop", "timestamp", "duration"}
    for secret in (b"EXIF", b"Exif", b"Camera", b"Home of Ada", b"XMP", b"ICCP"):
        assert secret not in made.content


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_is_applied(orientation):
    """Red in the corner that is to be displayed at the upper left."""
    lying = Image.new("RGB", (80, 40), "white")
    corner = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (0, 1), 7: (1, 1), 8: (1, 0)}[
        orientation
    ]
    lying.paste("red", (corner[0] * 40, corner[1] * 20, corner[0] * 40 + 40, corner[1] * 20 + 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = BytesIO()
    lying.save(out, "JPEG", exif=exif.tobytes())
    (made,) = resize_image(out.getvalue(), BOX)
    red, green, blue = opened(made.content).convert("RGB").getpixel((3, 3))
    assert (red > 200, green < 80, blue < 80) == (True, True, True)
    assert (made.width, made.height) == ((80, 40) if orientation < 5 else (40, 80))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_png_mode_is_accepted(mode):
    out = BytesIO()
    Image.new(mode, (30, 20)).save(out, "PNG")
    assert resize_image(out.getvalue(), BOX)[0].width == 30


def test_transparency_is_preserved():
    (made,) = resize_image(picture(30, 20, colour=(0, 0, 0, 0)), BOX)
    assert opened(made.content).convert("RGBA").getpixel((5, 5))[3] == 0


def test_animated_picture_is_reduced_to_its_first_frame():
    out = BytesIO()
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], loop=0)
    (made,) = resize_image(out.getvalue(), BOX)
    shown = opened(made.content)
    assert getattr(shown, "n_frames", 1) == 1
    red, _, blue = shown.convert("RGB").getpixel((15, 10))
    assert (red > 200, blue < 80) == (True, True)


@pytest.mark.parametrize("name", [name for name, (_, _, kept) in POLYGLOTS.items() if kept == "image"])
def test_polyglot_is_reduced_to_its_picture(name):
    content = resize_image(POLYGLOTS[name][1], BOX)[0].content
    for part in (b"<html", b"<script", b"<?php", b"PK\x03\x04", b"\xca\xfe\xba\xbe"):
        assert part not in content
    assert struct.unpack("<I", content[4:8])[0] == len(content) - 8  # and nothing after it


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        picture()[:40],
        picture(form="JPEG")[:-200],
        b"\xff\xd8\xff" + b"\xff" * 5_000,
        b"\xff\xd8\xff\xe0\0\0" * 1_000,
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"GIF89a\1\0\1\0",
        struct.pack("<6sHH", b"GIF89a", 0, 5),
    ],
)
def test_broken_picture_is_rejected(content):
    with pytest.raises(InvalidImage):
        resize_image(content, BOX)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_header_reports_format_and_size(form):
    assert read_header(picture(61, 43, form)) == Header(form.lower(), 61, 43)
    assert read_header(picture(61, 43, "WEBP", lossless=True)) == Header("webp", 61, 43)


def measure_cost(content: bytes) -> tuple[float, int]:
    """Returns the seconds, and by how many kilobytes a process of its own grew that re-encoded this picture."""
    program = (
        "import sys, time, resource, django; django.setup()\n"
        "from core.storage.images import *; content = sys.stdin.buffer.read()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; began = time.perf_counter()\n"
        "try: resize_image(content, FitInside(480, 2880), FitInside(1440, 8640))\n"
        "except InvalidImage: pass\n"
        "print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], input=content, capture_output=True, check=True
    ).stdout
    seconds, grown = said.split()
    return float(seconds), int(grown)


@pytest.mark.slow
def test_decompression_bomb_is_rejected_cheaply():
    content = bomb()
    seconds, grown = measure_cost(content)
    print(f"a bomb of {len(content):,} bytes: {seconds * 1000:.0f} ms, {grown:,} kB")
    assert len(content) < 400_000
    assert (seconds < BOMB_SECONDS_MOST, grown < BOMB_GROWTH_MOST) == (True, True)
    with pytest.raises(InvalidImage, match="50,000 × 50,000"):
        resize_image(content, BOX)


@pytest.mark.slow
def test_bomb_with_forged_size_uses_little_memory():
    content = bomb(40_000, 40_000, says=(100, 100))
    _, grown = measure_cost(content)
    assert grown < BOMB_GROWTH_MOST


@pytest.mark.slow
def test_decoder_memory_is_limited(monkeypatch):
    """The second guard, after the header check: it holds in the child, whatever the picture is."""
    monkeypatch.setitem(resize.MAX_PIXELS, "png", 10**12)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with pytest.raises(InvalidImage, match="damaged"):
        resize_image(bomb(30_000, 30_000), BOX)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - children < 700_000


def test_decoder_wall_clock_time_is_limited(monkeypatch, settings):
    settings.DEADLINE_FACTOR = 1
    monkeypatch.setattr(resize, "MAX_SECONDS", 0.01)
    with pytest.raises(InvalidImage, match="too long to process"):
        resize_image(picture(), BOX)


@pytest.mark.slow
def test_decoder_cpu_time_is_limited(monkeypatch, settings):
    """Processor time, so that the limit also holds on a busy machine: waiting for a core does not count."""
    settings.DEADLINE_FACTOR = 1
    monkeypatch.setattr(resize, "MAX_CPU_SECONDS", 1)
    monkeypatch.setattr(resize, "MAX_SECONDS", 600)
    run, ended = subprocess.run, []

    def run_spy(*given, **said):
        ended.append(run(*given, **said))
        return ended[-1]

    monkeypatch.setattr(resize.subprocess, "run", run_spy)
    with pytest.raises(InvalidImage, match="damaged"):
        resize_image(scene(3_000, 3_000), *[FitInside(2_900 - n, 2_900 - n) for n in range(9)])
    assert ended[0].returncode in (-signal.SIGKILL, -signal.SIGXCPU)


def test_deadline_factor_extends_decoder_time_limits(monkeypatch, settings):
    settings.DEADLINE_FACTOR = 3
    seen = {}

    def run_spy(command, *, timeout, **_):
        seen.update(json.loads(command[-1]), timeout=timeout)
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(resize.subprocess, "run", run_spy)
    with pytest.raises(InvalidImage):
        resize_image(picture(), BOX)
    assert (seen["timeout"], seen["seconds"]) == (45, 30)


def test_too_many_concurrent_pictures_raise_error_after_waiting(monkeypatch, settings):
    settings.DEADLINE_FACTOR = 1
    monkeypatch.setattr(resize, "MAX_WAIT", 0.05)
    for _ in range(resize.MAX_CONCURRENT):
        resize._slots.acquire()
    try:
        with pytest.raises(TooManyImages):
            resize_image(picture(), BOX)
    finally:
        for _ in range(resize.MAX_CONCURRENT):
            resize._slots.release()
    assert resize_image(picture(), BOX)


def test_malformed_decoder_output_is_rejected(monkeypatch):
    for output in (b"", b"[]\n", b'[{"width": 9, "height": 9, "bytes": 4}]\n<svg', b"[1]\n", b"null\n"):
        monkeypatch.setattr(resize, "_run_process", lambda *args, output=output: output)
        with pytest.raises(InvalidImage):
            resize_image(picture(), BOX)


def test_decoder_process_gets_an_empty_environment(monkeypatch):
    monkeypatch.setenv("BELFRY_SECRET_KEY", "secret")
    seen = {}

    def run_spy(command, **options):
        seen.update(options)
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(resize.subprocess, "run", run_spy)
    with pytest.raises(InvalidImage):
        resize_image(picture(), BOX)
    assert seen["env"] == {}
    assert os.environ["BELFRY_SECRET_KEY"] == "secret"
