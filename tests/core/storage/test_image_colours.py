"""Colours are converted to sRGB from whatever profile a picture has, since browsers show ours as sRGB."""

from io import BytesIO

import pytest
from PIL import Image, ImageCms

from core.storage.images import CroppedSquare, FitInside, resize_image

BOX = FitInside(480, 2_880)


def profile_of(red: tuple, green: tuple, blue: tuple, *, space: bytes = b"RGB ") -> bytes:
    """Returns a small matrix profile with these primaries (XYZ, as ICC writes them) and a gamma of 2.2."""
    tags = {b"rXYZ": xyz(*red), b"gXYZ": xyz(*green), b"bXYZ": xyz(*blue)}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), GAMMA)
    return build_profile(space, tags)


def grey_profile(gamma: float) -> bytes:
    return build_profile(b"GRAY", {b"kTRC": curve(gamma)})


def curve(gamma: float) -> bytes:
    return b"curv\0\0\0\0\0\0\0\1" + round(gamma * 256).to_bytes(2, "big") + b"\0\0"


GAMMA = curve(2.2)


def xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(
        round(value * 65_536).to_bytes(4, "big", signed=True) for value in values
    )


def build_profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    tags = {b"wtpt": xyz(0.9642, 1.0, 0.8249), **tags}
    table, data, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        content += b"\0" * (-len(content) % 4)
        table += name + (at + len(data)).to_bytes(4, "big") + len(content).to_bytes(4, "big")
        data += content
    body = len(tags).to_bytes(4, "big") + table + data
    head = (
        (128 + len(body)).to_bytes(4, "big")
        + b"lcms\x02\x40\0\0mntr"
        + space
        + b"XYZ "
        + b"\0" * 12
        + b"acsp"
    )
    head += b"\0" * 28 + bytes.fromhex("0000f6d6000100000000d32d")
    return head.ljust(128, b"\0") + body


RED, GREEN, BLUE = (0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)
# Its red is sRGB's green: code that drops the profile shows red.
SWAPPED_PROFILE = profile_of(GREEN, RED, BLUE)


def encoded(mode: str, colour: object, profile: bytes, form: str = "PNG", **options) -> bytes:
    out = BytesIO()
    Image.new(mode, (30, 20), colour).save(out, form, icc_profile=profile, **options)
    return out.getvalue()


def stored_colour(content: bytes, shape=BOX) -> tuple[int, ...]:
    """Returns the colour in the middle of the stored picture."""
    (made,) = resize_image(content, shape)
    picture = Image.open(BytesIO(made.content)).convert("RGBA")
    assert "icc_profile" not in picture.info
    return picture.getpixel((picture.width // 2, picture.height // 2))


def is_near(found: tuple[int, ...], expected: tuple[int, ...], *, by: int = 12) -> bool:
    return all(abs(one - other) <= by for one, other in zip(found, expected, strict=True))


def palette(colour: tuple[int, int, int], profile: bytes, form: str = "PNG", **options) -> bytes:
    picture = Image.new("P", (30, 20), 1)
    picture.putpalette([0, 0, 0, *colour])
    out = BytesIO()
    picture.save(out, form, icc_profile=profile, **options)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("shape", [BOX, CroppedSquare(16)], ids=["attached", "a member's picture"])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (encoded("RGB", (255, 0, 0), SWAPPED_PROFILE), (0, 255, 0, 255)),
        (encoded("RGB", (255, 0, 0), SWAPPED_PROFILE, "JPEG", quality=100), (0, 255, 0, 255)),
        (encoded("RGB", (255, 0, 0), SWAPPED_PROFILE, "WEBP", lossless=True), (0, 255, 0, 255)),
        (encoded("RGBA", (255, 0, 0, 255), SWAPPED_PROFILE), (0, 255, 0, 255)),
        (encoded("RGBA", (255, 0, 0, 128), SWAPPED_PROFILE), (0, 255, 0, 128)),
        (
            encoded("RGBA", (255, 0, 0, 128), SWAPPED_PROFILE, "WEBP", lossless=True, exact=True),
            (0, 255, 0, 128),
        ),
        (palette((255, 0, 0), SWAPPED_PROFILE), (0, 255, 0, 255)),
        (palette((255, 0, 0), SWAPPED_PROFILE, transparency=0), (0, 255, 0, 255)),
        (encoded("L", 128, grey_profile(1.0)), (188, 188, 188, 255)),
        (encoded("L", 128, grey_profile(1.0), "JPEG", quality=100), (188, 188, 188, 255)),
        (encoded("LA", (128, 100), grey_profile(1.0)), (188, 188, 188, 100)),
        (encoded("I;16", 128 * 257, grey_profile(1.0)), (188, 188, 188, 255)),
        (encoded("L", 128, SWAPPED_PROFILE), (128, 128, 128, 255)),
        (encoded("1", 1, grey_profile(1.0)), (255, 255, 255, 255)),
    ],
    ids=lambda value: None if isinstance(value, bytes) else str(value),
)
def test_colour_profile_is_converted_to_srgb(content, expected, shape):
    assert is_near(stored_colour(content, shape), expected)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "I;16", "1"])
@pytest.mark.parametrize(
    "profile",
    [
        b"broken",
        SWAPPED_PROFILE[:200],
        SWAPPED_PROFILE[:128] + b"\xff" * 400,
        build_profile(b"CMYK", {}),
        build_profile(b"RGB ", {}),
        ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
    ],
    ids=["no profile", "cut off", "mangled", "of another kind", "without tags", "lab"],
)
def test_unusable_profile_is_ignored(mode, profile):
    white = {"RGBA": (255, 255, 255, 255), "LA": (255, 255), "L": 255, "I;16": 65_535, "1": 1}
    content = encoded(mode, white.get(mode, (255, 255, 255)), profile)
    assert is_near(stored_colour(content), (255, 255, 255, 255))


def test_grey_profile_in_rgb_picture_is_ignored():
    assert is_near(stored_colour(encoded("RGB", (255, 0, 0), grey_profile(1.0))), (255, 0, 0, 255))


@pytest.mark.slow
def test_colours_without_profile_are_unchanged():
    assert is_near(stored_colour(encoded("CMYK", (0, 0, 0, 0), b"", "JPEG")), (255, 255, 255, 255))
    assert is_near(stored_colour(encoded("RGBA", (1, 2, 3, 4), b"")), (1, 2, 3, 4))
