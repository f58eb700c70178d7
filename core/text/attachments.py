"""Renders attachments in a text: a picture with its sizes, or a link with the size of the file.

The sanitizers allow pictures in exactly this form only.
"""

import re
from xml.etree.ElementTree import Element

from core.text import graphemes

from .emphasis import Piece
from .references import AttachedFile, Picture, References

ALT_MAX = 300  # length of the alternative text
ATTACHMENT_PATH = re.compile(r"/a/(?P<key>[0-9a-f]{32})/")
# As wide as a phone's screen, and otherwise as wide as the text.
SIZES = "(max-width: 40rem) 92vw, 39rem"

_ADDRESS = r"/a/[0-9a-f]{32}/"
PICTURE_ATTRIBUTES = {
    "src": re.compile(rf"{_ADDRESS}(?:[0-9]{{1,4}}/)?"),
    "srcset": re.compile(rf"{_ADDRESS}[0-9]{{1,4}}/ [0-9]{{1,4}}w, {_ADDRESS} [0-9]{{1,5}}w"),
    "sizes": re.compile(re.escape(SIZES)),
    "width": re.compile("[0-9]{1,5}"),
    "height": re.compile("[0-9]{1,5}"),
    "loading": re.compile("lazy"),
    "alt": re.compile(rf".{{0,{ALT_MAX}}}", re.DOTALL),
}


def is_picture_attribute(name: str, value: str) -> bool:
    """Is the attribute allowed on an <img>? Used by both sanitizers."""
    pattern = PICTURE_ATTRIBUTES.get(name)
    return pattern is not None and pattern.fullmatch(value) is not None


def render_attachment(
    address: str, refers_to: References, label: list[Piece], *, is_picture: bool
) -> list[Piece] | None:
    """Returns the elements for a link to an attachment, or None if the link is not to one that may be shown."""
    found = ATTACHMENT_PATH.fullmatch(address)
    known = refers_to.attached.get(found["key"]) if found else None
    if isinstance(known, AttachedFile):
        link = Element("a", {"href": address})
        link.text = _text_of(label) or known.name
        return [link, f" ({_size(known.size)})"]
    if isinstance(known, Picture) and is_picture:
        link = Element("a", {"href": address})
        link.append(_picture(address, known, _text_of(label)))
        return [link]
    return None


def _picture(address: str, picture: Picture, alt: str) -> Element:
    attributes = {"src": address}
    if picture.narrow:
        narrow = f"{address}{picture.narrow}/"
        srcset = f"{narrow} {picture.narrow}w, {address} {picture.width}w"
        attributes = {"src": narrow, "srcset": srcset, "sizes": SIZES}
    attributes |= {"width": str(picture.width), "height": str(picture.height), "loading": "lazy"}
    # Never empty: the picture is in a link, which needs a text alternative. Part of stored HTML, so not translated.
    return Element("img", {**attributes, "alt": graphemes.truncate(alt or picture.alt, ALT_MAX) or "Picture"})


def _text_of(label: list[Piece]) -> str:
    texts = (piece if isinstance(piece, str) else "".join(piece.itertext()) for piece in label)
    return " ".join("".join(texts).split())


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1_000)):,} kB"
