"""Headings inside a post: below the page's own, and in order."""

import re
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

FIRST_LEVEL = 3  # the page's title is h1, its parts are h2
LAST_LEVEL = 6

_HEADING = re.compile(r"(#{1,6})[ \t]++(.+)")
_TAGS = {f"h{level}" for level in range(1, 7)}


def read_heading(words: str) -> tuple[int, str] | None:
    """`# A title`: its level and its words. The blank is needed: "#1 priority" is a sentence; and so are words."""
    found = _HEADING.match(words)
    if not found:
        return None
    title = found[2].rstrip(" \t")
    bare = title.rstrip("#")
    title = bare if not bare or bare[-1] in " \t" else title
    return (len(found[1]), title.strip(" \t")) if title.strip(" \t") else None


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
