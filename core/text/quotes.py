"""Quotes by reference: quotations whose first line names the quoted post and revision.

    > [ada wrote](/p/12/?revision=3):
    > It takes a minute.

Such a quote is only visible to those who may read the quoted post, so its words are never stored in the HTML of the
text around it: they are cut out and replaced by a placeholder, which forum/quotes/display.py fills in. A quote by
reference inside a quotation is left out.
"""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from .containers import Quote, Reference
from .emphasis import Piece, fill
from .normalize import CUT

MAX_QUOTES = 30  # per text; further ones are left out
OMITTED = "[…]"
QUOTED_POST = "of"  # attribute of a temporary <quote> element: the id of the quoted post

LineRange = tuple[int, int]  # first line, line after the last

PLACEHOLDER = re.compile(r"<!--quote ([0-9]{1,2})-->")

_ATTRIBUTION = re.compile(
    r"\[[^\[\]\\\n]{1,60} wrote\]\(/p/(?P<post>[0-9]{1,18})/\?revision=(?P<revision>[0-9]{1,9})\):(?: |$)",
    re.MULTILINE,
)


def attribution(name: str, post: int, revision: int) -> str:
    """Returns the first line of a quote."""
    return f"[{name} wrote](/p/{post}/?revision={revision}):"


def is_attribution(line: str) -> bool:
    line = line.lstrip(" \t")
    return line.startswith("[") and _ATTRIBUTION.match(line) is not None


@dataclass(frozen=True)
class QuoteReference:
    """The post and revision that a quote names, and its lines in the text."""

    post: int
    revision: int
    begins: int
    ends: int


@dataclass(frozen=True)
class ExtractedQuote(QuoteReference):
    """A quote with its words as safe HTML, to be shown only to those who may read the quoted post."""

    html: str


class QuoteCollector:
    """Collects the quotes by reference of one text."""

    def __init__(self) -> None:
        self.cited: list[QuoteReference] = []
        self.left_out: list[LineRange] = []

    def read(self, line: str) -> Reference | None:
        """Returns the reference in the first line of a quote, or None if the quote must be left out."""
        found = _ATTRIBUTION.match(line)
        if not found or len(self.cited) == MAX_QUOTES:
            return None
        return Reference(int(found["post"]), int(found["revision"]), found.end())

    def note(self, quote: Quote) -> None:
        """Records a quote when it has ended."""
        if reference := quote.reference:
            self.cited.append(QuoteReference(reference.post, reference.revision, quote.begins, quote.ends))
        elif quote.is_left_out:
            self.omit(quote.begins, quote.ends)

    def omit(self, begins: int, ends: int) -> None:
        """Records lines left out. Beyond the limit, the last range is extended."""
        if len(self.left_out) < MAX_QUOTES:
            self.left_out.append((begins, ends))
        else:
            self.left_out[-1] = (self.left_out[-1][0], ends)


def quoted_revisions(text: str) -> set[tuple[int, int]]:
    """Returns the (post, revision) pairs that a text may quote, without parsing it."""
    return {(int(found["post"]), int(found["revision"])) for found in _ATTRIBUTION.finditer(text)}


class QuoteStage(Treeprocessor):
    """Puts a CUT before and after the words of each quote, at which the HTML is split."""

    def __init__(self, md: Markdown, quotations: QuoteCollector):
        super().__init__(md)
        self.quotations = quotations

    def run(self, root: Element) -> None:
        if not self.quotations.cited:
            return
        pieces: list[Piece] = [root.text or ""]
        for child in root:
            tail, child.tail = child.tail or "", None
            pieces += [CUT, *_inside(child), CUT] if child.tag == "quote" else [child]
            pieces.append(tail)
        del root[:]
        root.text = None
        fill(root, pieces)


def _inside(quote: Element) -> list[Piece]:
    pieces: list[Piece] = [quote.text or ""]
    for child in quote:
        tail, child.tail = child.tail or "", None
        pieces += [child, tail]
    return pieces


def split_at_quotes(html: str, cited: list[QuoteReference]) -> tuple[list[str], tuple[ExtractedQuote, ...]]:
    """Splits sanitized HTML into the parts between the quotes, and the quotes."""
    parts = html.split(CUT)
    if len(parts) != 2 * len(cited) + 1:
        raise ValueError("a quote has lost one of its ends")
    quotes = zip(cited, parts[1::2], strict=True)
    return parts[::2], tuple(ExtractedQuote(c.post, c.revision, c.begins, c.ends, html) for c, html in quotes)


def join_with_placeholders(parts: list[str]) -> str:
    """Joins the parts with a placeholder for each quote. Other comments are escaped."""
    joined = [parts[0].replace("<!--", "&lt;!--")]
    for number, part in enumerate(parts[1:]):
        joined += [f"<!--quote {number}-->", part.replace("<!--", "&lt;!--")]
    return "".join(joined)
