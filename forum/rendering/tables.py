"""Tables: a row of heads, a row of dashes, rows of cells."""

import re
from xml.etree.ElementTree import Element, SubElement

from markdown.blockprocessors import BlockProcessor

# The library's own table processor compares every pipe with every code span, and makes every row as wide as
# the first: 8,000 columns and 4,000 rows would be 32 million cells.
MOST_COLUMNS = 30

_DASHES = re.compile(r" *+\|?(?: *+:?-++:? *+\|)*+(?: *+:?-++:? *+)?$")
_PIPE = re.compile(r"(?<!\\)\|")


def is_table_head(lines: list[str], at: int) -> bool:
    """Do the lines at `at` begin a table?"""
    if at + 1 >= len(lines) or "|" not in lines[at] or "-" not in lines[at + 1] or "|" not in lines[at + 1]:
        return False
    return (
        bool(_DASHES.match(lines[at + 1]))
        and len(_cells(lines[at])) == len(_cells(lines[at + 1])) <= MOST_COLUMNS
    )


class TableProcessor(BlockProcessor):
    """Builds a table, in a box that can scroll sideways when the page is narrow."""

    def test(self, parent: Element, block: str) -> bool:
        return "|" in block and is_table_head(block.split("\n", 2)[:2], 0)

    def run(self, parent: Element, blocks: list[str]) -> None:
        head, dashes, *rows = blocks.pop(0).split("\n")
        sides = [_side(cell) for cell in _cells(dashes)]
        box = SubElement(parent, "div", {"class": "table-scroll"})
        table = SubElement(box, "table")
        _add_row(SubElement(table, "thead"), "th", head, sides)
        body = SubElement(table, "tbody")
        for row in rows:
            _add_row(body, "td", row, sides)


def _add_row(parent: Element, tag: str, row: str, sides: list[str]) -> None:
    line = SubElement(parent, "tr")
    cells = _cells(row)[: len(sides)]
    for words, side in zip(cells + [""] * (len(sides) - len(cells)), sides, strict=True):
        cell = SubElement(line, tag, {"class": side} if side else {})
        cell.text = words


def _cells(row: str) -> list[str]:
    row = row.strip(" ").removeprefix("|")
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    return [cell.strip(" ") for cell in _PIPE.split(row)]


def _side(dashes: str) -> str:
    if dashes.endswith(":"):
        return "centre" if dashes.startswith(":") else "end"
    return ""
