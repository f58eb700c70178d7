"""What holds blocks: the document, quotations, list items. And the line that is being read."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

TAB_WIDTH = 4

_BLANKS = re.compile(r"[ \t]*+")


class Line:
    """One typed line, and how much of it the containers around have read. Tabs count as blanks but stay tabs."""

    def __init__(self, raw: str):
        self.raw = raw
        self._at = 0
        self._column = 0
        self._spare = 0  # blanks that are left of a tab of which a part has been read
        self._look()

    def _look(self) -> None:
        begins = self._at
        found = _BLANKS.match(self.raw, begins)
        assert found  # noqa: S101 - it matches nothing as well
        self._words_at = found.end()
        column = self._column
        for blank in found[0] if "\t" in found[0] else ():
            column += TAB_WIDTH - column % TAB_WIDTH if blank == "\t" else 1
        if column == self._column:
            column += self._words_at - begins
        self.indent = self._spare + column - self._column
        self.words = self.raw[self._words_at :].rstrip(" \t")

    @property
    def rest(self) -> str:
        """With the blanks in front, as typed."""
        return " " * self._spare + self.raw[self._at :]

    def skip_blanks(self, columns: int) -> None:
        """Pass over blanks, as many columns as there are and no more than this."""
        from_spare = min(columns, self._spare)
        self._spare -= from_spare
        columns -= from_spare
        while columns and self._at < self._words_at:
            width = TAB_WIDTH - self._column % TAB_WIDTH if self.raw[self._at] == "\t" else 1
            self._at += 1
            self._column += width
            self._spare = max(0, width - columns)
            columns -= min(width, columns)
        self._look()

    def skip_marker(self, length: int) -> None:
        """Pass over the blanks in front and so many letters behind them."""
        self._column += self.indent - self._spare + length
        self._at = self._words_at + length
        self._spare = 0
        self._look()

    def skip_quote_sign(self) -> None:
        self.skip_marker(1)
        self.skip_blanks(1)


@dataclass
class List:
    """Items of one kind, one after the other."""

    element: Element
    is_ordered: bool
    last_number: int = 0
    is_loose: bool = False  # its items stand apart, so their words are paragraphs


@dataclass
class Container:
    """The document. Others say whether they go on in a line."""

    element: Element
    list: "List | None" = field(default=None, kw_only=True)  # that ends it so far: an item may go on with it
    had_blank: bool = field(default=False, kw_only=True)  # after what it holds so far
    is_empty: bool = field(default=True, kw_only=True)

    def goes_on(self, line: Line) -> bool:
        """Does this line belong to the container? Then pass over what says so."""
        return True


@dataclass
class Item(Container):
    """An item of a list."""

    of: List
    nests_at: int  # columns: what is indented so far is inside
    words_at: int  # columns: where its own words begin

    def goes_on(self, line: Line) -> bool:
        if not line.words:
            return not self.is_empty  # an item may begin with one empty line
        if line.indent < self.nests_at:
            return False
        self.words_at = min(self.words_at, line.indent)  # as far as its writer indents
        line.skip_blanks(self.words_at)
        return True


@dataclass(frozen=True)
class Reference:
    """What the first line of a quote says that it is of."""

    post: int
    revision: int
    length: int  # of these words


@dataclass
class Quote(Container):
    """Lines that begin with `>`. The words of an answer right below it are no part of it."""

    begins: int
    ends: int  # before this line
    reference: Reference | None = None
    is_left_out: bool = False  # nothing in it is shown

    def goes_on(self, line: Line) -> bool:
        if not line.words.startswith(">"):
            return False
        line.skip_quote_sign()
        self.ends += 1
        return True
