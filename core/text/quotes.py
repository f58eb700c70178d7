"""Quotes by reference: a quotation whose first line says of which post, and of which revision, the words are.

    > [ada wrote](/p/12/?revision=3):
    > It takes a minute.

Such a quote shares the fate of the post it names, so its words never stand in the HTML of the text around it: they
are cut out, and a mark stays where whoever may read them is shown them (forum/quotes/display.py). A quote inside a
quotation is left out.
"""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from .containers import Quote, Reference
from .emphasis import Piece, fill
from .normalize import CUT

MOST_QUOTES = 30  # of one text; what is beyond is left out
LEFT_OUT = "[…]"
OF = "of"  # on the element of a quote, while it is one: the post that it quotes

Lines = tuple[int, int]  # from, and before

MARK = re.compile(r"<!--quote ([0-9]{1,2})-->")

_ATTRIBUTION = re.compile(
    r"\[[^\[\]\\\n]{1,60} wrote\]\(/p/(?P<post>[0-9]{1,18})/\?revision=(?P<revision>[0-9]{1,9})\):(?: |$)",
    re.MULTILINE,
)


def attribution(name: str, post: int, revision: int) -> str:
    """The first line of a quote."""
    return f"[{name} wrote](/p/{post}/?revision={revision}):"


def is_attribution(line: str) -> bool:
    line = line.lstrip(" \t")
    return line.startswith("[") and _ATTRIBUTION.match(line) is not None


@dataclass(frozen=True)
class Cited:
    """What a quote says that it is of, and the lines of the text where it stands."""

    post: int
    revision: int
    begins: int
    ends: int


@dataclass(frozen=True)
class Quoted(Cited):
    """A quote and its words, safe as they stand, to be shown to those alone who may read the post."""

    html: str


class Quotations:
    """The quotes by reference of one text."""

    def __init__(self) -> None:
        self.cited: list[Cited] = []
        self.left_out: list[Lines] = []

    def read(self, words: str) -> Reference | None:
        """What the quote is of that begins with these words; None when it is to be left out."""
        found = _ATTRIBUTION.match(words)
        if not found or len(self.cited) == MOST_QUOTES:
            return None
        return Reference(int(found["post"]), int(found["revision"]), found.end())

    def note(self, quote: Quote) -> None:
        """Note where a quote stands, now that it ended."""
        if of := quote.reference:
            self.cited.append(Cited(of.post, of.revision, quote.begins, quote.ends))
        elif quote.is_left_out:
            self.leave_out(quote.begins, quote.ends)

    def leave_out(self, begins: int, ends: int) -> None:
        """Note that these lines are in no HTML; after many such, that nothing is that follows."""
        if len(self.left_out) < MOST_QUOTES:
            self.left_out.append((begins, ends))
        else:
            self.left_out[-1] = (self.left_out[-1][0], ends)


def revisions_cited(text: str) -> set[tuple[int, int]]:
    """Which revisions of which posts a text may quote; asked before it is parsed."""
    return {(int(found["post"]), int(found["revision"])) for found in _ATTRIBUTION.finditer(text)}


class QuoteStage(Treeprocessor):
    """Puts a CUT before and behind the words of each quote: no text holds one, so the HTML can be cut there."""

    def __init__(self, md: Markdown, quotations: Quotations):
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


def take_apart(html: str, cited: list[Cited]) -> tuple[list[str], tuple[Quoted, ...]]:
    """What the text says itself, between its quotes; and the quotes. `html` has passed the gates."""
    parts = html.split(CUT)
    if len(parts) != 2 * len(cited) + 1:
        raise ValueError("a quote has lost one of its ends")
    words = zip(cited, parts[1::2], strict=True)
    return parts[::2], tuple(Quoted(c.post, c.revision, c.begins, c.ends, html) for c, html in words)


def put_together(own: list[str]) -> str:
    """The HTML of the text with a mark where each quote stands. A comment in it is always one of ours."""
    marked = [own[0].replace("<!--", "&lt;!--")]
    for number, part in enumerate(own[1:]):
        marked += [f"<!--quote {number}-->", part.replace("<!--", "&lt;!--")]
    return "".join(marked)
