"""Sets the text direction of blocks in texts that contain right-to-left letters.

A browser finds the direction of a paragraph or list by its first letter. Names, code and addresses must not count, so
they get a direction of their own. Texts without right-to-left letters need none of this.
"""

import re
from collections.abc import Iterator
from unicodedata import bidirectional
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

AUTO = "auto"
DIR_VALUES = frozenset({AUTO, "ltr", "rtl"})
DIR_TAGS = frozenset(
    {"a", "blockquote", "code", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "td", "th", "ul"}
)

# In a text of thousands of tiny blocks the attributes would be longer than the text: then none are set.
MAX_FACTOR = 3
MIN_LIMIT = 1_000
_LONGEST = len(' dir="auto"')

_LETTER = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)", re.IGNORECASE)
# Blocks whose first letter decides, independent of blocks inside them.
_BLOCKS = frozenset({"h3", "h4", "h5", "h6", "ol", "p", "pre", "td", "th", "ul"})
# Blocks whose direction is computed here: browsers ignore blocks inside that have a `dir`.
_AROUND = frozenset({"blockquote", "table"})


def has_right_to_left(text: str) -> bool:
    return _LETTER.search(text) is not None


class DirectionStage(Treeprocessor):
    """Sets `dir` on elements. Runs after all stages that create elements."""

    def run(self, root: Element) -> None:
        if not any(map(has_right_to_left, root.itertext())):
            return
        elements = list(root.iter())
        _isolate_names(elements)
        directed = [
            (element, direction)
            for element in _elements_with_dir(root)
            if (direction := _direction_of(element))
        ]
        if len(directed) * _LONGEST <= MAX_FACTOR * sum(map(len, root.itertext())) + MIN_LIMIT:
            for element, direction in directed:
                element.set("dir", direction)


def first_direction(text: str) -> str:
    """Returns "ltr" or "rtl" by the first letter that has a direction, or ""."""
    for letter in text:
        if (kind := bidirectional(letter)) in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return ""


def _isolate_names(elements: list[Element]) -> None:
    """Wraps mentioned names in <bdi>. Code and addresses get a `dir` later."""
    for element in elements:
        if element.tag == "a" and element.get("class") == "mention":
            name = Element("bdi")
            name.text, element.text = element.text, None
            element.insert(0, name)


def _elements_with_dir(root: Element, *, in_item: bool = False) -> Iterator[Element]:
    """Yields the elements that get a `dir`. Paragraphs in items have none, since they count for their list."""
    for element in root:
        is_block = element.tag in _BLOCKS | _AROUND and not (in_item and element.tag == "p")
        if is_block or element.tag == "code" or _is_address(element):
            yield element
        if element.tag not in ("code", "pre"):
            is_in_item = element.tag == "li" or (in_item and element.tag != "blockquote")
            yield from _elements_with_dir(element, in_item=is_in_item)


def _direction_of(element: Element) -> str:
    if element.tag not in _AROUND:
        return AUTO
    return next(filter(None, map(first_direction, _counting_texts(element))), "ltr")


def _is_address(link: Element) -> bool:
    return link.tag == "a" and not len(link) and _ADDRESS.match(link.text or "") is not None


def _counting_texts(element: Element) -> Iterator[str]:
    """Yields the texts that count for the direction: not names, code or addresses."""
    if element.tag in ("bdi", "code", "pre") or _is_address(element):
        return
    yield element.text or ""
    for child in element:
        yield from _counting_texts(child)
        yield child.tail or ""
