"""Fenced code: kept aside before anything else is parsed, put back as it was typed."""

import re
from xml.etree.ElementTree import Element, SubElement

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.util import ETX, STX, AtomicString

_OPENING = re.compile(r"(?P<fence>`{3,}+|~{3,}+)[^`]*+$")
_PLACEHOLDER = re.compile(f"{STX}code:([0-9]+){ETX}")  # nobody can type one: controls are taken out before


class Fences:
    """The fenced code of one text. One that nobody closed runs to the end, as it does while one is typing."""

    def __init__(self) -> None:
        self.codes: list[str] = []

    def opening(self, line: str) -> str | None:
        """The fence that `line` opens, if it does."""
        found = _OPENING.match(line)
        return found["fence"] if found else None

    def take(self, lines: list[str], at: int, indent: int, fence: str) -> tuple[int, str]:
        """Keep the code of the fence at line `at`. Return its number of lines, and what to write instead."""
        code = []
        taken = 1
        for index in range(at + 1, len(lines)):
            taken += 1
            line = lines[index]
            if line.lstrip(" ").startswith(fence) and not line.strip(f" {fence[0]}"):
                break
            code.append(line[min(indent, len(line) - len(line.lstrip(" "))) :])
        self.codes.append("\n".join(code))
        return taken, f"{STX}code:{len(self.codes) - 1}{ETX}"


class FenceProcessor(BlockProcessor):
    """Puts the code back as an element that nothing parses."""

    def __init__(self, parser: BlockParser, fences: Fences):
        super().__init__(parser)
        self.fences = fences

    def test(self, parent: Element, block: str) -> bool:
        return _PLACEHOLDER.match(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        found = _PLACEHOLDER.match(blocks[0])
        assert found  # noqa: S101 - test() saw it
        code = SubElement(SubElement(parent, "pre"), "code")
        code.text = AtomicString(self.fences.codes[int(found[1])] + "\n")
        blocks[0] = blocks[0][found.end() :]
