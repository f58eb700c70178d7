"""A separate program that decodes a picture from standard input and writes re-encoded versions to standard output.

If an attacker exploits a decoder, they are confined here: no environment, no file to write, little memory and time.
The program imports nothing of Belfry. Its output is a line of JSON with the size and the number of bytes of each
picture, followed by the pictures.
"""

import json
import os
import resource
import sys
from contextlib import suppress
from io import BytesIO

MAX_MEMORY = 640 * 2**20
ORIENTATION = 0x0112
FEW_COLORS = 4_096  # drawings and screenshots: lossless is smaller and keeps text sharp


def main() -> None:
    params = json.loads(sys.argv[1])
    os.nice(params["niceness"])
    _limit(resource.RLIMIT_AS, MAX_MEMORY)
    _limit(resource.RLIMIT_CPU, params["seconds"])
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    images = _resize_all(sys.stdin.buffer.read(), params)
    sizes = [{"width": width, "height": height, "bytes": len(content)} for width, height, content in images]
    out = sys.stdout.buffer
    out.write(json.dumps(sizes).encode() + b"\n")
    for _, _, content in images:
        out.write(content)


def _limit(kind, maximum):  # type: ignore[no-untyped-def]
    with suppress(ValueError, OSError):  # a system without this limit; the others still apply
        resource.setrlimit(kind, (maximum, maximum))


def _resize_all(content, params):  # type: ignore[no-untyped-def]
    from PIL import Image  # imported after the limits are set

    Image.MAX_IMAGE_PIXELS = None  # the size in the header was checked; the memory limit does the rest
    images = []
    picture = Image.open(BytesIO(content), formats=[params["format"]])
    if picture.width * picture.height > params["pixels"]:
        raise ValueError("larger than its header says")
    orientation = picture.getexif().get(ORIENTATION, 1)
    sideways = orientation in (5, 6, 7, 8)
    shapes = sorted(params["shapes"], key=lambda shape: -shape["width"])
    picture.draft(
        "RGB", _fitting_size(picture, shapes[0], sideways)
    )  # decodes a JPEG at about the size needed
    profile = picture.info.get("icc_profile")
    picture = _to_plain_mode(picture)
    for shape in shapes:
        picture = _resize(picture, shape, sideways)
        if profile:  # once, on the largest version
            picture, profile = _to_srgb(picture, profile), None
        elif picture.mode not in ("RGB", "RGBA"):
            picture = picture.convert("RGBA" if "A" in picture.mode else "RGB")
        images.append(_rotate_upright(picture, orientation))
    return [(image.width, image.height, _encode(image)) for image in reversed(images)]


def _to_plain_mode(picture):  # type: ignore[no-untyped-def]
    """Converts to L, RGB or CMYK, or with transparency to LA or RGBA: no palettes, eight bits per channel."""
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("L", "LA", "RGB", "RGBA", "CMYK") and "transparency" not in picture.info:
        return picture
    see_through = "A" in picture.mode or "a" in picture.mode or "transparency" in picture.info
    if picture.mode == "1" and not see_through:
        return picture.convert("L")
    return picture.convert("RGBA" if see_through else "RGB")


def _to_srgb(picture, profile):  # type: ignore[no-untyped-def]
    """Converts to RGB or RGBA in sRGB. A broken or unsuitable color profile is ignored."""
    from PIL import ImageCms

    alpha = picture.getchannel("A") if "A" in picture.mode else None
    colours = picture.convert(picture.mode.rstrip("A")) if alpha else picture
    with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        source_profile = ImageCms.ImageCmsProfile(BytesIO(profile))
        if colours.mode == "L" and source_profile.profile.xcolor_space.strip() == "RGB":
            colours = colours.convert("RGB")  # gray in that color space
        colours = ImageCms.profileToProfile(
            colours, source_profile, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    colours = colours.convert("RGB")
    if alpha:
        colours.putalpha(alpha)
    return colours


def _resize(picture, shape, sideways):  # type: ignore[no-untyped-def]
    from PIL import Image, ImageOps

    if shape["square"]:
        side = min(shape["width"], max(picture.size))
        return ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS)
    size = _fitting_size(picture, shape, sideways)
    if size == picture.size:
        return picture
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _fitting_size(picture, shape, sideways):  # type: ignore[no-untyped-def]
    """Returns the size at which the picture fits the shape; for a square, the size that covers it."""
    width, height = shape["width"], shape["height"]
    if sideways:
        width, height = height, width
    scales = (width / picture.width, height / picture.height)
    scale = min(1, max(scales) if shape["square"] else min(scales))
    return max(1, round(picture.width * scale)), max(1, round(picture.height * scale))


def _rotate_upright(picture, orientation):  # type: ignore[no-untyped-def]
    from PIL.Image import Transpose

    moves = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return picture.transpose(moves[orientation]) if orientation in moves else picture.copy()


def _encode(picture):  # type: ignore[no-untyped-def]
    picture.info.clear()
    out = BytesIO()
    few = picture.getcolors(FEW_COLORS) is not None
    # Set explicitly, so that no metadata of the original is written.
    nothing = {"exif": b"", "xmp": b"", "icc_profile": b""}
    picture.save(out, "WEBP", lossless=few, quality=50 if few else 82, method=2, **nothing)
    return out.getvalue()


if __name__ == "__main__":
    main()
