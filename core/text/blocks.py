"""Parses the lines of a text into blocks like CommonMark, in one pass and with limited depth.

Each line decides which open containers (quotations, list items) continue, then which blocks begin in it. The rest of
the line continues the open paragraph, table or code. The parser also accepts what people really type: "•" bullets, a
reply directly below a quote, lists indented by two spaces. docs/markdown.md lists the differences from CommonMark.
"""

import re
from xml.etree.ElementTree import Element, SubElement

from .code_fences import Fence, fence_opened_by
from .containers import Container, Item, Line, List, Quote
from .headings import parse_heading
from .leaves import Paragraph, Table
from .lists import MAX_LIST_DEPTH, Marker, close_list, is_next_number, parse_marker, replace_task_box
from .quotes import OMITTED, QUOTED_POST, QuoteCollector, is_attribution
from .tables import TableProcessor, is_table_head

MAX_QUOTE_DEPTH = 6
NESTED_INDENT = 2  # indentation that puts a line inside an item, however wide its marker is
MAX_GAP = 4  # spaces between a marker and the text of its item

_RULE = re.compile(r"([-*_])(?:[ \t]*+\1){2,}+[ \t]*+$")
_QUOTE_SIGNS = re.compile(r"[> \t]*+")


class BlockParser:
    """The blocks of one text."""

    def __init__(self, tables: TableProcessor, quotations: QuoteCollector | None):
        self.tables = tables
        self.quotations = quotations
        self.root = Element("div")
        self.open = [Container(self.root)]  # outermost first
        # The open block in the innermost container, to which lines are added.
        self.leaf: Paragraph | Table | Fence | None = None
        self.lists: list[List] = []
        self.lines: list[str] = []
        self.quoted_lines: set[int] = set()
        self.code_lines: set[int] = set()
        # State of the current line:
        self.at = 0
        self.going_on = 1  # the number of open containers that continue in it; the others end
        self.has_begun = False  # has a container begun in it?

    def read(self, lines: list[str]) -> Element:
        self.lines = lines
        for self.at, raw in enumerate(lines):
            self._read_line(Line(raw))
            if any(isinstance(container, Quote) for container in self.open):
                self.quoted_lines.add(self.at)
        self._end_others(1)
        for found in self.lists:
            close_list(found)
        return self.root

    def _read_line(self, line: Line) -> None:
        self.going_on = 1
        self.has_begun = False
        while self.going_on < len(self.open) and self._goes_on(self.open[self.going_on], line):
            self.going_on += 1
        if self._is_left_out() or self._read_code(line):
            return
        while line.text and self._begin_container(line):
            if self._is_left_out():
                return
        if not line.text:
            self._end_others(self.going_on)
            if not self.has_begun:
                self._note_blank()
        elif not self._begin_leaf(line) and not self._continue_leaf(line):
            self._end_others(self.going_on)
            text = replace_task_box(line.text) if self._begins_item() else line.text
            self.leaf = Paragraph(self._begin("p"), [text])
        if line.text or self.has_begun:
            self._forget_blanks()

    def _goes_on(self, container: Container, line: Line) -> bool:
        if isinstance(container, Quote) and self._is_reference(line.text[1:]):
            return False  # the next quote begins
        if isinstance(container, Item) and is_next_number(container, line, self.lines, self.at):
            return False
        return container.goes_on(line)

    def _is_reference(self, text: str) -> bool:
        return self.quotations is not None and is_attribution(text)

    def _is_left_out(self) -> bool:
        innermost = self.open[self.going_on - 1]
        return isinstance(innermost, Quote) and innermost.is_left_out

    # Code and text

    def _read_code(self, line: Line) -> bool:
        if not isinstance(self.leaf, Fence):
            return False
        ended = self.open[self.going_on :]
        is_closed = self.leaf.is_closed_by(line) and all(isinstance(container, Item) for container in ended)
        if ended and not is_closed:
            return False
        self.code_lines.add(self.at)
        if is_closed:  # also at the margin if it was opened inside an item
            self._close_leaf()
        else:
            self.leaf.add(line)
        self._forget_blanks()
        return True

    def _begin_leaf(self, line: Line) -> bool:
        """Begins a heading, a rule, a code block or a table, if the line is one; returns whether it is."""
        if heading := parse_heading(line.text):
            level, text = heading
            self._end_others(self.going_on)
            self._begin(f"h{level}").text = text
        elif fence := fence_opened_by(line.text):
            self._end_others(self.going_on)
            self.leaf = Fence(SubElement(self._begin("pre"), "code"), fence, line.indent)
            self.code_lines.add(self.at)
        elif _RULE.match(line.text):
            self._end_others(self.going_on)
            self._begin("hr")
        else:
            return self._begin_table(line)
        return True

    def _begin_table(self, line: Line) -> bool:
        """Begins a table if this line is the row of dashes below its head."""
        above = self.leaf
        rows = self._head_and_dashes(line)
        if not (rows and isinstance(above, Paragraph)):
            return False
        parent = self.open[-1].element
        above.lines.pop()
        if above.lines:
            above.close()
        else:
            parent.remove(above.element)
        self.leaf = Table(parent, rows, self.tables)
        return True

    def _head_and_dashes(self, line: Line) -> list[str] | None:
        """Returns the line above and this one if they begin a table."""
        if not (isinstance(self.leaf, Paragraph) and self._is_inside()):
            return None
        rows = [self.leaf.lines[-1], line.text]
        return rows if is_table_head(rows, 0) else None

    def _is_inside(self) -> bool:
        """Is the line in the same container as the line above?"""
        return self.going_on == len(self.open) and not self.has_begun

    def _continue_leaf(self, line: Line) -> bool:
        """Adds the line to the paragraph or table above, if it continues there; returns whether it does."""
        if isinstance(self.leaf, Table) and self._is_inside() and "|" in line.text:
            self.leaf.rows.append(line.text)
            return True
        # The paragraph of an item continues even without indentation.
        ended = self.open[self.going_on :]
        if isinstance(self.leaf, Paragraph) and all(isinstance(container, Item) for container in ended):
            self.leaf.lines.append(line.text)
            return True
        return False

    def _begins_item(self) -> bool:
        innermost = self.open[-1]
        return isinstance(innermost, Item) and innermost.is_empty

    # Containers

    def _begin_container(self, line: Line) -> bool:
        """Begins a quotation or list item if the line starts with its marker, and skips the marker."""
        if line.text.startswith(">"):
            return self._begin_quote(line)
        marker = parse_marker(line.text, self.lines, self.at)
        if marker is None or _RULE.match(line.text) or self._head_and_dashes(line):
            return False
        if not marker.may_interrupt and isinstance(self.leaf, Paragraph) and self._is_inside():
            return False
        return self._begin_item(line, marker)

    def _begin_quote(self, line: Line) -> bool:
        is_reference = self._is_reference(line.text[1:])
        depth = self._depth(Quote)
        if depth == MAX_QUOTE_DEPTH:
            signs = _QUOTE_SIGNS.match(line.text)
            assert signs  # noqa: S101 - it also matches an empty string
            is_reference = self._is_reference(line.text[signs.end() :])
            if not is_reference:
                line.skip_marker(signs.end())
                return True
        if not is_reference:
            self._end_others(self.going_on)
            self._push(Quote(self._begin("blockquote"), self.at, self.at + 1))
        elif self.has_begun and isinstance(self.open[-1], Item):
            return False
        else:
            self._begin_quote_of_post(line, depth)
            return True
        line.skip_quote_sign()
        return True

    def _begin_quote_of_post(self, line: Line, depth: int) -> None:
        """Begins a quote by reference, outside of any list. Nested quotes and those beyond the limit are left out."""
        assert self.quotations  # noqa: S101 - without quotations it would be a plain quotation
        line.skip_quote_sign()
        reference = self.quotations.read(line.text) if depth == 0 else None
        if reference is None:
            self._end_others(self.going_on)
            paragraph = self._begin("p")
            paragraph.text = OMITTED
            self._set_apart()
            self._push(Quote(paragraph, self.at, self.at + 1, is_left_out=True))
        else:
            self._end_others(1)
            element = self._begin("quote")
            element.set(QUOTED_POST, str(reference.post))
            self._push(Quote(element, self.at, self.at + 1, reference))
            line.skip_marker(reference.length)

    def _begin_item(self, line: Line, marker: Marker) -> bool:
        if self._depth(Item) == MAX_LIST_DEPTH:
            if self.has_begun or not isinstance(self.open[self.going_on - 1], Item):
                return False
            self.going_on -= 1  # deeper items belong to the deepest list
        self._end_others(self.going_on)
        found = self._list_for(marker)
        indent = line.indent
        line.skip_marker(marker.length)
        gap = line.indent if line.text and line.indent <= MAX_GAP else 1
        line.skip_blanks(gap)
        found.last_number = found.last_number + 1 if found.last_number else marker.number or 0
        item = SubElement(found.element, "li")
        self._push(Item(item, found, indent + NESTED_INDENT, indent + marker.length + gap))
        return True

    def _list_for(self, marker: Marker) -> List:
        """Returns the list of the previous item, or a new one."""
        parent = self.open[-1]
        found = parent.list
        if found and found.is_ordered == marker.is_ordered:
            found.is_loose |= parent.had_blank
            return found
        element = self._begin("ol" if marker.is_ordered else "ul")
        if marker.number not in (None, 1):
            element.set("start", str(marker.number))
        parent.list = List(element, marker.is_ordered)
        self.lists.append(parent.list)
        return parent.list

    def _depth(self, kind: type[Container]) -> int:
        return sum(isinstance(container, kind) for container in self.open[: self.going_on])

    # Beginnings and ends

    def _begin(self, tag: str) -> Element:
        """Adds a new block to the innermost container."""
        container = self.open[-1]
        if isinstance(container, Item):
            container.of.is_loose |= container.had_blank
        container.list = None
        container.is_empty = False
        return SubElement(container.element, tag)

    def _set_apart(self) -> None:
        """Makes the list loose, so that the paragraphs of the item stay separate."""
        if isinstance(item := self.open[-1], Item):
            item.of.is_loose = True

    def _push(self, container: Container) -> None:
        self.open.append(container)
        self.going_on = len(self.open)
        self.has_begun = True

    def _end_others(self, going_on: int) -> None:
        """Closes the open block, and all containers but the first `going_on`."""
        self._close_leaf()
        while len(self.open) > going_on:
            container = self.open.pop()
            if isinstance(container, Quote) and self.quotations:
                self.quotations.note(container)
        self.going_on = min(self.going_on, going_on)

    def _close_leaf(self) -> None:
        if self.leaf:
            self.leaf.close()
        self.leaf = None

    def _note_blank(self) -> None:
        for container in reversed(self.open):
            container.had_blank = True
            if isinstance(container, Quote):
                break

    def _forget_blanks(self) -> None:
        for container in self.open:
            container.had_blank = False
