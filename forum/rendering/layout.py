"""Lays the lines out so that the Markdown parser meets every block alone, spelt one way, at a bounded depth.

The parser looks for each kind of block anywhere in the text that is left, again after every block it found:
thousands of headings in a row cost it a minute. Here one pass over the lines knows where each block begins,
and puts blank lines around it. On the way it understands what people really type: a list right under a
sentence, "•" bullets, an answer right under a quote, lists indented by two blanks.
"""

import re
from collections.abc import Iterator
from itertools import takewhile

from markdown import Markdown
from markdown.preprocessors import Preprocessor

from .fences import Fences
from .lists import ListLevels, read_item
from .quotes import LEFT_OUT, Quotations, is_attribution
from .tables import is_table_head

DEEPEST_QUOTE = 6
WITHOUT_LISTS = -1  # an indent that ends every list

_RULE = re.compile(r"([-*_])(?: *+\1){2,}+$")
_HEADING = re.compile(r"#{1,6} +\S")
# A second container in one line ("- - - > x") is shown as text: each would be one level of recursion more.
_CONTAINER = re.compile(r">|[-+*](?= )|[0-9]++(?=[.)] )")


class Layout(Preprocessor):
    """The only preprocessor: takes the typed lines, gives the lines that the block parser reads."""

    def __init__(self, md: Markdown, fences: Fences, quotations: Quotations | None):
        super().__init__(md)
        self.fences = fences
        self.quotations = quotations

    def run(self, lines: list[str]) -> list[str]:
        return _Arrangement(self.fences, 0, self.quotations).arrange(lines)


class _Arrangement:
    """One pass over the lines of the page, or of one quote."""

    def __init__(self, fences: Fences, quote_depth: int, quotations: Quotations | None, first_line: int = 0):
        self.fences = fences
        self.first_line = first_line
        self.quotations = quotations
        self.quote_depth = quote_depth
        self.out: list[str] = []
        self.levels = ListLevels()
        self.is_tight = False  # since the last blank line there were only list items

    def arrange(self, lines: list[str]) -> list[str]:
        at = 0
        while at < len(lines):
            at += self._take(lines, at)
        if self.out and not self.out[-1]:
            self.out.pop()
        return self.out

    def _take(self, lines: list[str], at: int) -> int:
        """Lay out what begins at line `at`; return how many lines that was."""
        line = lines[at].lstrip(" ")
        indent = len(lines[at]) - len(line)
        if not line:
            self._blank()
            return 1
        if fence := self.fences.opening(line):
            taken, placeholder = self.fences.take(lines, at, indent, fence)
            self._alone([placeholder], indent)
            return taken
        if line.startswith(">"):
            return self._quote(lines, at, indent)
        if _RULE.match(line) or _HEADING.match(line):
            self._alone([line], indent)
            return 1
        if is_table_head(lines, at):
            rows = [row.strip(" ") for row in takewhile(lambda row: "|" in row, _from(lines, at))]
            self._alone(rows, indent)
            return len(rows)
        self._item_or_words(lines, at, line, indent)
        return 1

    def _blank(self) -> None:
        if self.out and self.out[-1]:
            self.out.append("")
        self.is_tight = False

    def _alone(self, block: list[str], indent: int) -> None:
        """A block with blank lines around it; indented, it belongs to the list item above."""
        self._blank()
        prefix = self.levels.enter(indent)
        self.out += [prefix + line for line in block]
        self._blank()

    def _quote(self, lines: list[str], at: int, indent: int) -> int:
        inner: list[str] = []
        for line in takewhile(lambda line: line.lstrip(" ").startswith(">"), _from(lines, at)):
            words = line.lstrip(" ")[1:].removeprefix(" ")
            if inner and self.quotations and is_attribution(words):
                break  # the next quote
            inner.append(words)
        if self.quote_depth + 1 == DEEPEST_QUOTE:
            inner = [line.lstrip("> ") for line in inner]
        if self.quotations and is_attribution(inner[0]):
            self._quote_of_post(self.quotations, inner, at, indent)
        else:
            self._alone([f"> {line}" for line in self._inside(inner, at)], indent)
        return len(inner)

    def _quote_of_post(self, quotations: Quotations, inner: list[str], at: int, indent: int) -> None:
        """It stands by itself, even where a list went before. A quote in a quote is left out, and so are too many."""
        begins = self.first_line + at
        reference = quotations.take(inner[0], begins, len(inner)) if self.quote_depth == 0 else None
        if reference is None:
            quotations.leave_out(begins, len(inner))
            self._alone([LEFT_OUT], indent)
        else:
            placeholder, inner[0] = reference
            self._alone([f"> {line}" for line in [placeholder, *self._inside(inner, at)]], WITHOUT_LISTS)

    def _inside(self, inner: list[str], at: int) -> list[str]:
        within = _Arrangement(self.fences, self.quote_depth + 1, self.quotations, self.first_line + at)
        return within.arrange(inner)

    def _item_or_words(self, lines: list[str], at: int, line: str, indent: int) -> None:
        item = read_item(lines, at)
        if item and (item.may_interrupt or self.levels or self._is_after_blank()):
            prefix, is_same_list = self.levels.add(indent, item.is_ordered)
            if not (self.is_tight and is_same_list):
                self._blank()
            self.out.append(f"{prefix}{item.marker} {_tamed(item.words)}")
            self.is_tight = True
        elif self._is_after_blank():
            self.out.append(self.levels.enter(indent) + line)
        else:
            self.out.append(line)  # goes on with the paragraph or item above

    def _is_after_blank(self) -> bool:
        return not self.out or not self.out[-1]


def _tamed(words: str) -> str:
    """Escape a second container in the same line."""
    if found := _CONTAINER.match(words):
        before = found.end() if words[0].isdigit() else 0
        return f"{words[:before]}\\{words[before:]}"
    return words


def _from(lines: list[str], at: int) -> Iterator[str]:
    """The lines from `at` on. A slice would copy all that is left, for each of thousands of quotes."""
    return (lines[index] for index in range(at, len(lines)))
