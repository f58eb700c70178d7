"""How an attachment stands in a text: a picture with its sizes, or a link that says how large the file is.

The gates let a picture through only in exactly this form.
"""

import re
from xml.etree.ElementTree import Element

from core.text import graphemes

from .emphasis import Piece
from .references import AttachedFile, Picture, References

ALT_MAX = 300  # what a picture shows, for those who cannot see it
ADDRESS = re.compile(r"/a/(?P<key>[0-9a-f]{32})/")
# A phone shows it as wide as it is itself, everything else as wide as the text.
SIZES = "(max-width: 40rem) 92vw, 39rem"

_KEPT = r"/a/[0-9a-f]{32}/"
PICTURE_ATTRIBUTES = {
    "src": re.compile(rf"{_KEPT}(?:[0-9]{{1,4}}/)?"),
    "srcset": re.compile(rf"{_KEPT}[0-9]{{1,4}}/ [0-9]{{1,4}}w, {_KEPT} [0-9]{{1,5}}w"),
    "sizes": re.compile(re.escape(SIZES)),
    "width": re.compile("[0-9]{1,5}"),
    "height": re.compile("[0-9]{1,5}"),
    "loading": re.compile("lazy"),
    "alt": re.compile(rf".{{0,{ALT_MAX}}}", re.DOTALL),
}


def is_of_a_picture(name: str, value: str) -> bool:
    """Asked by both gates of every attribute of an <img>."""
    pattern = PICTURE_ATTRIBUTES.get(name)
    return pattern is not None and pattern.fullmatch(value) is not None


def attached(
    address: str, refers_to: References, words: list[Piece], *, is_picture: bool
) -> list[Piece] | None:
    """What to show for a link to this address; None where it leads to no attachment that may be shown."""
    found = ADDRESS.fullmatch(address)
    known = refers_to.attached.get(found["key"]) if found else None
    if isinstance(known, AttachedFile):
        link = Element("a", {"href": address})
        link.text = _text_of(words) or known.name
        return [link, f" ({_size(known.size)})"]
    if isinstance(known, Picture) and is_picture:
        link = Element("a", {"href": address})
        link.append(_picture(address, known, _text_of(words)))
        return [link]
    return None


def _picture(address: str, picture: Picture, alt: str) -> Element:
    said = {"src": address}
    if picture.narrow:
        narrow = f"{address}{picture.narrow}/"
        srcset = f"{narrow} {picture.narrow}w, {address} {picture.width}w"
        said = {"src": narrow, "srcset": srcset, "sizes": SIZES}
    said |= {"width": str(picture.width), "height": str(picture.height), "loading": "lazy"}
    # Never nothing: it stands in a link, which needs words for those who do not see it.
    return Element("img", {**said, "alt": graphemes.cut(alt or picture.alt, ALT_MAX) or "Picture"})


def _text_of(words: list[Piece]) -> str:
    texts = (word if isinstance(word, str) else "".join(word.itertext()) for word in words)
    return " ".join("".join(texts).split())


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1_000)):,} kB"
