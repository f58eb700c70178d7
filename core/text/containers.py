"""The containers of blocks (document, quotations, list items), and the current line."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

TAB_WIDTH = 4

_BLANKS = re.compile(r"[ \t]*+")


class Line:
    """A line, and how much of it the containers have read. Tabs count as spaces but stay tabs."""

    def __init__(self, raw: str):
        self.raw = raw
        self._at = 0
        self._column = 0
        self._spare = 0  # columns left of a tab that was read in part
        self._look()

    def _look(self) -> None:
        begins = self._at
        found = _BLANKS.match(self.raw, begins)
        assert found  # noqa: S101 - it also matches an empty string
        self._text_at = found.end()
        column = self._column
        for blank in found[0] if "\t" in found[0] else ():
            column += TAB_WIDTH - column % TAB_WIDTH if blank == "\t" else 1
        if column == self._column:
            column += self._text_at - begins
        self.indent = self._spare + column - self._column
        self.text = self.raw[self._text_at :].rstrip(" \t")

    @property
    def rest(self) -> str:
        """The rest of the line with its leading spaces, as typed."""
        return " " * self._spare + self.raw[self._at :]

    def skip_blanks(self, columns: int) -> None:
        """Skips up to this many columns of spaces."""
        from_spare = min(columns, self._spare)
        self._spare -= from_spare
        columns -= from_spare
        while columns and self._at < self._text_at:
            width = TAB_WIDTH - self._column % TAB_WIDTH if self.raw[self._at] == "\t" else 1
            self._at += 1
            self._column += width
            self._spare = max(0, width - columns)
            columns -= min(width, columns)
        self._look()

    def skip_marker(self, length: int) -> None:
        """Skips the leading spaces and `length` characters after them."""
        self._column += self.indent - self._spare + length
        self._at = self._text_at + length
        self._spare = 0
        self._look()

    def skip_quote_sign(self) -> None:
        self.skip_marker(1)
        self.skip_blanks(1)


@dataclass
class List:
    """A list of items of the same kind."""

    element: Element
    is_ordered: bool
    last_number: int = 0
    is_loose: bool = False  # its items are separated, so their text is in paragraphs


@dataclass
class Container:
    """The document, and the base of the other containers."""

    element: Element
    list: "List | None" = field(default=None, kw_only=True)  # its last list, which the next item may continue
    had_blank: bool = field(default=False, kw_only=True)  # a blank line after its content so far
    is_empty: bool = field(default=True, kw_only=True)

    def goes_on(self, line: Line) -> bool:
        """Returns whether the line belongs to the container, and skips its marker."""
        return True


@dataclass
class Item(Container):
    """A list item."""

    of: List
    nests_at: int  # columns of indentation that put a line inside
    text_at: int  # columns before its own text

    def goes_on(self, line: Line) -> bool:
        if not line.text:
            return not self.is_empty  # an item may begin with a blank line
        if line.indent < self.nests_at:
            return False
        self.text_at = min(self.text_at, line.indent)  # the indentation that the writer uses
        line.skip_blanks(self.text_at)
        return True


@dataclass(frozen=True)
class Reference:
    """The post and revision named in the first line of a quote."""

    post: int
    revision: int
    length: int  # of the attribution


@dataclass
class Quote(Container):
    """Lines that begin with `>`. A reply directly below is not part of it."""

    begins: int
    ends: int  # exclusive
    reference: Reference | None = None
    is_left_out: bool = False  # its content is not shown

    def goes_on(self, line: Line) -> bool:
        if not line.text.startswith(">"):
            return False
        line.skip_quote_sign()
        self.ends += 1
        return True
