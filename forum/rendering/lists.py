"""How list items are typed, and how the block parser wants to read them."""

import re
from dataclasses import dataclass

DEEPEST_LIST = 6
INDENT = " " * 4  # the parser's step from a list to the list inside it

_ITEM = re.compile(
    r"""(?: [-+*][ ]++ | [•‣◦▪][ ]*+ | (?P<dash>–)[ ]++ | (?P<number>[0-9]{1,9})[.)][ ]++ )(?=\S)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Item:
    """One line that begins a list item."""

    marker: str
    words: str
    is_ordered: bool
    may_interrupt: bool  # begins a list right under a sentence; "1986. What a year" does not


def read_item(lines: list[str], at: int) -> Item | None:
    """Read line `at` as the beginning of a list item, if it is one."""
    line = lines[at].lstrip(" ")
    found = _ITEM.match(line)
    if not found or (found["dash"] and not _has_dashed_neighbour(lines, at)):
        return None
    number = found["number"]
    return Item(
        marker=f"{int(number)}." if number else "-",
        words=line[found.end() :],
        is_ordered=number is not None,
        may_interrupt=number in (None, "1"),
    )


def _has_dashed_neighbour(lines: list[str], at: int) -> bool:
    """One line with a dash is a signature or a line of dialogue; a run of them is a list."""
    neighbours = lines[max(at - 1, 0) : at] + lines[at + 1 : at + 2]
    return any(line.lstrip(" ").startswith("– ") for line in neighbours)


@dataclass
class _Level:
    column: int
    is_ordered: bool


class ListLevels:
    """The lists that are open at a line, outermost first, by the column of their markers."""

    def __init__(self) -> None:
        self._open: list[_Level] = []

    def __bool__(self) -> bool:
        return bool(self._open)

    def add(self, column: int, is_ordered: bool) -> tuple[str, bool]:
        """Place an item. Return what to write before its marker, and whether its list was already open."""
        while len(self._open) > 1 and column < self._open[-1].column:
            self._open.pop()
        if self._open and (column < self._open[-1].column + 2 or len(self._open) == DEEPEST_LIST):
            level = self._open[-1]
            is_same_list = level.is_ordered == is_ordered
            level.is_ordered = is_ordered
        else:
            is_same_list = bool(self._open)  # a list inside needs no blank line
            self._open.append(_Level(column, is_ordered))
        return INDENT * (len(self._open) - 1), is_same_list

    def enter(self, column: int) -> str:
        """Place another block: what to write before it so that the item it is indented under holds it."""
        while self._open and column <= self._open[-1].column:
            self._open.pop()
        return INDENT * len(self._open)
