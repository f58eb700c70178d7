"""Headings inside a post: below the page's own, and in order."""

import re
from xml.etree.ElementTree import Element, SubElement

from markdown.blockprocessors import BlockProcessor
from markdown.treeprocessors import Treeprocessor

FIRST_LEVEL = 3  # the page's title is h1, its parts are h2
LAST_LEVEL = 6

_HEADING = re.compile(r"(#{1,6}) +([^\n]+)(?:\n|$)")
_TAGS = {f"h{level}" for level in range(1, 7)}


class HeadingProcessor(BlockProcessor):
    """`# A title`. The blank is needed: "#1 priority" is a sentence."""

    def test(self, parent: Element, block: str) -> bool:
        return _HEADING.match(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        found = _HEADING.match(blocks[0])
        assert found  # noqa: S101 - test() saw it
        heading = SubElement(parent, f"h{len(found[1])}")
        words = found[2].rstrip("#")
        heading.text = (words if words.endswith(" ") else found[2]).strip(" ")
        blocks[0] = blocks[0][found.end() :]


class HeadingOrder(Treeprocessor):
    """Gives each heading its level on the page: first h3, and never more than one deeper than the last."""

    def run(self, root: Element) -> None:
        above: list[int] = []
        for heading in (element for element in root.iter() if element.tag in _TAGS):
            level = int(heading.tag[1])
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
            heading.tag = f"h{min(FIRST_LEVEL + len(above) - 1, LAST_LEVEL)}"
