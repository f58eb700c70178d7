"""Fenced code blocks."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from markdown.util import AtomicString

from .containers import TAB_WIDTH, Line

_OPENING = re.compile(r"(?P<fence>`{3,}+)[^`]*+$|(?P<tildes>~{3,}+)")


@dataclass
class Fence:
    """Code between two fences. Without a closing fence it ends with its container."""

    code: Element
    fence: str
    indent: int  # columns removed from each line
    lines: list[str] = field(default_factory=list)

    def is_closed_by(self, line: Line) -> bool:
        if line.indent >= TAB_WIDTH and line.indent > self.indent:
            return False
        return line.text.startswith(self.fence) and not line.text.strip(self.fence[0])

    def add(self, line: Line) -> None:
        line.skip_blanks(self.indent)
        self.lines.append(line.rest)

    def close(self) -> None:
        self.code.text = AtomicString("".join(f"{line}\n" for line in self.lines))


def fence_opened_by(text: str) -> str | None:
    """Returns the fence that the line opens, or None."""
    found = _OPENING.match(text)
    return (found["fence"] or found["tildes"]) if found else None
