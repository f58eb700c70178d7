"""Pictures that people send, made anew: what is kept was written by us, pixel by pixel, and holds nothing else.

    made = remake(content, Inside(width=480, height=2_730), Inside(width=1_440, height=8_192))

What a picture says of itself in its first bytes is read before anything of it is decoded (`headers.py`); decoding is
done by a process of its own, with little memory and little time (`child.py`). The answer is WebP.
"""

from core.storage.images.headers import Header, read_header
from core.storage.images.resize import Busy, Inside, Made, NoPicture, Square, remake

__all__ = ["Busy", "Header", "Inside", "Made", "NoPicture", "Square", "read_header", "remake"]
