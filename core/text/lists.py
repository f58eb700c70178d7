"""How list items are typed, and how lists are finished."""

import re
from dataclasses import dataclass

from .containers import Item, Line, List
from .emphasis import Piece, fill

DEEPEST_LIST = 6

_MARKER = re.compile(
    r"""(?: [-+*] (?=[ \t]|$) | [•‣◦▪] (?=[ \t]*+[^ \t]) | (?P<dash>–) (?=[ \t]++[^ \t])
          | (?P<number>[0-9]{1,9}) [.)] (?=[ \t]|$) )""",
    re.VERBOSE,
)
_TASK = re.compile(r"^\[([ xX])\](?=[ \t])")
_DASHED = re.compile(r"[> \t]*+–[ \t]")


@dataclass(frozen=True)
class Marker:
    """What begins a list item."""

    length: int
    number: int | None
    may_interrupt: bool  # begins a list right under a sentence; "1986. What a year" does not

    @property
    def is_ordered(self) -> bool:
        return self.number is not None


def read_marker(words: str, lines: list[str], at: int) -> Marker | None:
    """Read the beginning of `words`, which stand in line `at`, as the marker of a list item, if it is one."""
    found = _MARKER.match(words)
    if not found or (found["dash"] and not _has_dashed_neighbour(lines, at)):
        return None
    number = int(found["number"]) if found["number"] else None
    has_words = bool(words[found.end() :].strip(" \t"))
    return Marker(found.end(), number, may_interrupt=has_words and number in (None, 1))


def _has_dashed_neighbour(lines: list[str], at: int) -> bool:
    """One line with a dash is a signature or a line of dialogue; a run of them is a list."""
    return any(_DASHED.match(line) for line in lines[max(at - 1, 0) : at] + lines[at + 1 : at + 2])


def is_next_number(item: Item, line: Line, lines: list[str], at: int) -> bool:
    """Numbers go on even where they are indented a little: the second is no list in the first."""
    if not item.of.is_ordered or line.indent >= item.words_at:
        return False
    marker = read_marker(line.words, lines, at)
    return marker is not None and marker.number == item.of.last_number + 1


def with_box(words: str) -> str:
    """The words of an item that is a task: `[x] done`. The box is a letter, which every reader and feed can show."""
    return _TASK.sub(lambda found: "☐" if found[1] == " " else "☑", words)


def finish(found: List) -> None:
    """Words of items that stand close together are no paragraphs."""
    for item in () if found.is_loose else found.element:
        pieces: list[Piece] = [(child.text or "") if child.tag == "p" else child for child in item]
        del item[:]
        fill(item, pieces)
