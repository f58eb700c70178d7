"""Tables: a header row, a row of dashes, and rows of cells."""

import re
from xml.etree.ElementTree import Element, SubElement

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor

# The library's table processor compares every pipe with every code span, and fills every row up to the width of the
# first: 8,000 columns and 4,000 rows would give 32 million cells.
MAX_COLUMNS = 30
MAX_CELLS = 8_000  # in all tables of a text
# A row of one pipe can give 30 cells. The tags of a table may have this many times its own length, and all tables of a
# text together this many characters more.
MAX_FACTOR = 8
MIN_LIMIT = 1_500

_DASHES = re.compile(r" *+\|?(?: *+:?-++:? *+\|)*+(?: *+:?-++:? *+)?$")
_PIPE = re.compile(r"(?<!\\)\|")
_CELL = len("<td></td>")
_CLASS = len(' class="centre"')


def is_table_head(lines: list[str], at: int) -> bool:
    """Do the lines from index `at` begin a table?"""
    if at + 1 >= len(lines) or "|" not in lines[at] or "-" not in lines[at + 1] or "|" not in lines[at + 1]:
        return False
    return (
        bool(_DASHES.match(lines[at + 1]))
        and len(_cells(lines[at])) == len(_cells(lines[at + 1])) <= MAX_COLUMNS
    )


class TableProcessor(BlockProcessor):
    """Builds a table in a box that can scroll sideways on narrow pages. A table that would be too long loses the
    alignment of its cells, and if that is not enough, it stays text."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self.cells = MAX_CELLS
        self.room = MIN_LIMIT

    def test(self, parent: Element, block: str) -> bool:
        return "|" in block and is_table_head(block.split("\n", 2)[:2], 0)

    def run(self, parent: Element, blocks: list[str]) -> bool:
        head, dashes, *rows = blocks[0].split("\n")
        sides = [_alignment(cell) for cell in _cells(dashes)]
        if not self._has_room(blocks[0], sides, 1 + len(rows)):
            sides = [""] * len(sides)
            if not self._has_room(blocks[0], sides, 1 + len(rows)):
                return False
        blocks.pop(0)
        box = SubElement(parent, "div", {"class": "table-scroll"})
        table = SubElement(box, "table")
        _add_row(SubElement(table, "thead"), "th", head, sides)
        body = SubElement(table, "tbody")
        for row in rows:
            _add_row(body, "td", row, sides)
        return True

    def _has_room(self, block: str, sides: list[str], rows: int) -> bool:
        """Checks the limits for a table, in which every row has all columns, and subtracts what it uses."""
        cells = rows * len(sides)
        tags = rows * (_CELL + sum(_CELL + _CLASS * bool(side) for side in sides))
        beyond = max(0, tags - MAX_FACTOR * len(block))
        if cells > self.cells or beyond > self.room:
            return False
        self.cells -= cells
        self.room -= beyond
        return True


def _add_row(parent: Element, tag: str, row: str, sides: list[str]) -> None:
    line = SubElement(parent, "tr")
    cells = _cells(row)[: len(sides)]
    for text, side in zip(cells + [""] * (len(sides) - len(cells)), sides, strict=True):
        cell = SubElement(line, tag, {"class": side} if side else {})
        cell.text = text


def _cells(row: str) -> list[str]:
    row = row.strip(" ").removeprefix("|")
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    # An escaped pipe belongs to the cell, even in code, where no other escape is read.
    return [cell.strip(" ").replace("\\|", "|") for cell in _PIPE.split(row)]


def _alignment(dashes: str) -> str:
    if dashes.endswith(":"):
        return "centre" if dashes.startswith(":") else "end"
    return ""
