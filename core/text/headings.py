"""Headings inside a post, at levels below those of the page."""

import re
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

FIRST_LEVEL = 3  # the page's title is h1, its sections are h2
LAST_LEVEL = 6

_HEADING = re.compile(r"(#{1,6})[ \t]++(.+)")
_TAGS = {f"h{level}" for level in range(1, 7)}


def parse_heading(line: str) -> tuple[int, str] | None:
    """Returns the level and text of `# A title`. The space is required, since "#1 priority" is a sentence."""
    found = _HEADING.match(line)
    if not found:
        return None
    title = found[2].rstrip(" \t")
    bare = title.rstrip("#")
    title = bare if not bare or bare[-1] in " \t" else title
    return (len(found[1]), title.strip(" \t")) if title.strip(" \t") else None


class HeadingOrder(Treeprocessor):
    """Sets the level of each heading on the page: starting with h3, never skipping a level."""

    def run(self, root: Element) -> None:
        above: list[int] = []
        for heading in (element for element in root.iter() if element.tag in _TAGS):
            level = int(heading.tag[1])
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
            heading.tag = f"h{min(FIRST_LEVEL + len(above) - 1, LAST_LEVEL)}"
