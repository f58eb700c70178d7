"""Pictures and files as members send them, and what some of them hide."""

import struct
import zipfile
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

WINDMILL = b"<html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
JPEG_DATA_FOLLOWS = b"\xff\xda"


def picture(
    width: int = 60, height: int = 40, form: str = "PNG", colour: object = "teal", **options
) -> bytes:
    mode = "RGBA" if form in ("PNG", "WEBP") else "RGB"
    out = BytesIO()
    Image.new(mode, (width, height), colour).save(out, form, **options)
    return out.getvalue()


def scene(width: int, height: int, form: str = "JPEG") -> bytes:
    """Returns a picture with as many colours as a photograph."""
    out = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, form)
    return out.getvalue()


def picture_with_location(width: int = 60, height: int = 40) -> bytes:
    """Returns a photograph whose metadata says where it was taken, by which camera, and that it lies on its side."""
    exif = Image.Exif()
    exif[0x0110] = "Camera of Ada"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 42.0, 46.0), 3: "W", 4: (74.0, 0.0, 21.0)})
    return picture(width, height, "JPEG", exif=exif.tobytes(), comment=b"Home of Ada")


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def bomb(width: int = 50_000, height: int = 50_000, *, says: tuple[int, int] | None = None) -> bytes:
    """Returns a PNG of some kilobytes that would be gigabytes; `says`: what its header says instead."""
    header = struct.pack(">IIBBBBB", *(says or (width, height)), 1, 0, 0, 0, 0)
    squeeze = zlib.compressobj(9)
    line = b"\0" * (width // 8 + 1)
    data = b"".join(squeeze.compress(line) for _ in range(height)) + squeeze.flush()
    return (
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")
    )


def archive(name: str = "Main.class", content: bytes = b"\xca\xfe\xba\xbe") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(name, content)
    return out.getvalue()


def uploaded_file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")  # nobody trusts its content type


# What each is called, its content, and whether it may be stored: re-encoded, or as a download.
POLYGLOTS = {
    "gifar": ("bell.gif", picture(form="GIF") + archive(), "image"),
    "html in a png": ("bell.png", picture() + WINDMILL, "image"),
    "html in a chunk": (
        "bell.png",
        picture()[:33] + png_chunk(b"tEXt", b"x\0" + WINDMILL) + picture()[33:],
        "image",
    ),
    "html in a jpeg's comment": ("bell.jpg", picture(form="JPEG", comment=WINDMILL), "image"),
    "html in a gif's header": ("bell.gif", b"GIF89a" + WINDMILL, None),
    "html as png": ("bell.png", WINDMILL, None),
    "svg": ("bell.svg", SVG, None),
    "svg as png": ("bell.png", SVG, None),
    "svg as text": ("bell.txt", SVG, "file"),
    "html": ("bell.html", WINDMILL, None),
    "pdf with a script": (
        "bell.pdf",
        b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
        "file",
    ),
    "html before a pdf": ("bell.pdf", WINDMILL + b"%PDF-1.7", None),
    "mp4 as jpg": ("bell.jpg", b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0" * 500, None),
    "php in a jpeg": ("bell.php.jpg", picture(form="JPEG") + b"<?php system('id'); ?>", "image"),
    "jar as zip": ("bell.zip", archive(), "file"),
    "program as zip": ("bell.zip", b"MZ" + b"\0" * 200, None),
    "postscript as jpeg": ("bell.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", None),
    "phar in a jpeg": ("bell.jpg", picture(form="JPEG") + b"<?php __HALT_COMPILER(); ?>\r\n", "image"),
}
