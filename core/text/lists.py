"""Markers of list items, and closing of lists."""

import re
from dataclasses import dataclass

from .containers import Item, Line, List
from .emphasis import Piece, fill

MAX_LIST_DEPTH = 6

_MARKER = re.compile(
    r"""(?: [-+*] (?=[ \t]|$) | [•‣◦▪] (?=[ \t]*+[^ \t]) | (?P<dash>–) (?=[ \t]++[^ \t])
          | (?P<number>[0-9]{1,9}) [.)] (?=[ \t]|$) )""",
    re.VERBOSE,
)
_TASK = re.compile(r"^\[([ xX])\](?=[ \t])")
_DASHED = re.compile(r"[> \t]*+–[ \t]")


@dataclass(frozen=True)
class Marker:
    """The marker of a list item."""

    length: int
    number: int | None
    may_interrupt: bool  # can begin a list directly below a paragraph; "1986. What a year" cannot

    @property
    def is_ordered(self) -> bool:
        return self.number is not None


def parse_marker(text: str, lines: list[str], at: int) -> Marker | None:
    """Returns the marker of a list item that `text` begins with (in line number `at`), or None."""
    found = _MARKER.match(text)
    if not found or (found["dash"] and not _has_dashed_neighbor(lines, at)):
        return None
    number = int(found["number"]) if found["number"] else None
    has_text = bool(text[found.end() :].strip(" \t"))
    return Marker(found.end(), number, may_interrupt=has_text and number in (None, 1))


def _has_dashed_neighbor(lines: list[str], at: int) -> bool:
    """Is the line before or after also dashed? A single one is a signature or dialogue, not a list."""
    return any(_DASHED.match(line) for line in lines[max(at - 1, 0) : at] + lines[at + 1 : at + 2])


def is_next_number(item: Item, line: Line, lines: list[str], at: int) -> bool:
    """Is the line the next item of the list, although it is slightly indented?"""
    if not item.of.is_ordered or line.indent >= item.text_at:
        return False
    marker = parse_marker(line.text, lines, at)
    return marker is not None and marker.number == item.of.last_number + 1


def replace_task_box(text: str) -> str:
    """Replaces `[x]` or `[ ]` of a task by a box character, which every reader and feed can show."""
    return _TASK.sub(lambda found: "☐" if found[1] == " " else "☑", text)


def close_list(found: List) -> None:
    """Removes the paragraphs in the items of a tight list."""
    for item in () if found.is_loose else found.element:
        pieces: list[Piece] = [(child.text or "") if child.tag == "p" else child for child in item]
        del item[:]
        fill(item, pieces)
