"""Re-encodes uploaded pictures, so that stored files contain only pixels, written by us.

    images = resize_image(content, FitInside(width=480, height=2_730), FitInside(width=1_440, height=8_192))

The header is read before anything is decoded (`headers.py`). A separate process with limited memory and time decodes
the picture (`resize_process.py`). The result is WebP.
"""

from core.storage.images.headers import Header, read_header
from core.storage.images.resize import (
    CroppedSquare,
    FitInside,
    InvalidImage,
    ResizedImage,
    TooManyImages,
    resize_image,
)

__all__ = [
    "TooManyImages",
    "Header",
    "FitInside",
    "ResizedImage",
    "InvalidImage",
    "CroppedSquare",
    "read_header",
    "resize_image",
]
