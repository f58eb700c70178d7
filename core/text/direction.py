"""The direction in which each block is written, where a text holds letters that are written from right to left.

A browser finds the direction of a paragraph or of a list by its first letter. Names, code and addresses say nothing
about that: they stand apart, in a direction of their own. A text without such letters needs none of it.
"""

import re
from collections.abc import Iterator
from unicodedata import bidirectional
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

AUTO = "auto"
VALUES = frozenset({AUTO, "ltr", "rtl"})
TAGS = frozenset(
    {"a", "blockquote", "code", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "td", "th", "ul"}
)

# A text of thousands of blocks of a letter would become several times as long: there the page finds one for all.
MOST_TIMES = 3
ROOM = 1_000
_LONGEST = len(' dir="auto"')

_LETTER = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)", re.IGNORECASE)
# Their own first letter counts, and what is in them may have another.
_BLOCKS = frozenset({"h3", "h4", "h5", "h6", "ol", "p", "pre", "td", "th", "ul"})
# A browser would look past the blocks in them, which have theirs.
_AROUND = frozenset({"blockquote", "table"})


def has_right_to_left(text: str) -> bool:
    return _LETTER.search(text) is not None


class DirectionStage(Treeprocessor):
    """Stands behind all that makes elements."""

    def run(self, root: Element) -> None:
        if not any(map(has_right_to_left, root.itertext())):
            return
        elements = list(root.iter())
        _set_apart(elements)
        directed = [(element, way) for element in _directed(root) if (way := _way_of(element))]
        if len(directed) * _LONGEST <= MOST_TIMES * sum(map(len, root.itertext())) + ROOM:
            for element, way in directed:
                element.set("dir", way)


def first_strong(text: str) -> str:
    """Is it "ltr" or "rtl", by its first letter that says so? Nothing where none does."""
    for letter in text:
        if (kind := bidirectional(letter)) in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return ""


def _set_apart(elements: list[Element]) -> None:
    """Names as <bdi>. Code and addresses would be elements with a `dir` anyway."""
    for element in elements:
        if element.tag == "a" and element.get("class") == "mention":
            name = Element("bdi")
            name.text, element.text = element.text, None
            element.insert(0, name)


def _directed(root: Element, *, in_item: bool = False) -> Iterator[Element]:
    """Those that get one. What stands in an item counts for its list, and so has none."""
    for element in root:
        is_block = element.tag in _BLOCKS | _AROUND and not (in_item and element.tag == "p")
        if is_block or element.tag == "code" or _is_address(element):
            yield element
        if element.tag not in ("code", "pre"):
            is_in_item = element.tag == "li" or (in_item and element.tag != "blockquote")
            yield from _directed(element, in_item=is_in_item)


def _way_of(element: Element) -> str:
    if element.tag not in _AROUND:
        return AUTO
    return next(filter(None, map(first_strong, _counting_texts(element))), "ltr")


def _is_address(link: Element) -> bool:
    return link.tag == "a" and not len(link) and _ADDRESS.match(link.text or "") is not None


def _counting_texts(element: Element) -> Iterator[str]:
    """Without what says nothing about the direction."""
    if element.tag in ("bdi", "code", "pre") or _is_address(element):
        return
    yield element.text or ""
    for child in element:
        yield from _counting_texts(child)
        yield child.tail or ""
