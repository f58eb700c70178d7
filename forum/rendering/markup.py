"""From normalised text to HTML, by Python-Markdown with Belfry's own stages in it."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, tostring

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import (
    BlockProcessor,
    BlockQuoteProcessor,
    HRProcessor,
    ListIndentProcessor,
    ParagraphProcessor,
)
from markdown.extensions.sane_lists import SaneOListProcessor, SaneUListProcessor
from markdown.util import Registry

from .fences import FenceProcessor, Fences
from .headings import HeadingOrder, HeadingProcessor
from .inline import InlineStage
from .layout import Layout
from .mentions import Asking, MentionStage, People
from .quotes import Cited, Lines, Quotations, QuoteProcessor, QuoteStage
from .references import NONE, References
from .source import source_lines
from .tables import TableProcessor


@dataclass(frozen=True)
class Marked:
    """HTML in which no tag was typed, and which yet has to pass the gates."""

    html: str
    people: tuple[int, ...]  # whom it links, in order
    cited: list[Cited]  # what it quotes by reference: the words of each stand between two CUTs
    left_out: list[Lines]


def to_html(text: str, refers_to: References = NONE) -> Marked:
    """Turn normalised Markdown into HTML."""
    md = BelfryMarkdown(refers_to, People(refers_to))
    html = md.convert("\n".join(source_lines(text)))
    return Marked(html, tuple(md.people.linked), md.quotations.cited, md.quotations.left_out)


def quotations_in(text: str) -> Quotations:
    """What normalised Markdown quotes by reference, and in which lines; nothing else of it is parsed."""
    md = BelfryMarkdown(References(cuts_quotes=True), Asking())
    md.preprocessors["layout"].run(source_lines(text))
    return md.quotations


def names_asked_for(text: str) -> list[str]:
    """The keys of the names that normalised Markdown mentions, if somebody has them."""
    asking = Asking()
    if "@" in text:
        BelfryMarkdown(NONE, asking).convert("\n".join(source_lines(text)))
    return asking.keys


class BelfryMarkdown(Markdown):
    """The library's parser with stages that are linear, without raw HTML, references and indented code."""

    def __init__(self, refers_to: References, people: People) -> None:
        self.refers_to = refers_to
        self.people = people
        self.quotations = Quotations()
        super().__init__(output_format="html")
        self.serializer = _serialise

    def build_parser(self) -> "BelfryMarkdown":
        fences = Fences()
        quotations = self.quotations if self.refers_to.cuts_quotes else None
        self.preprocessors = Registry()
        self.preprocessors.register(Layout(self, fences, quotations), "layout", 10)
        self.parser = _block_parser(self, fences)
        self.inlinePatterns = Registry()
        self.treeprocessors = Registry()
        self.treeprocessors.register(HeadingOrder(self), "headings", 20)
        self.treeprocessors.register(InlineStage(self, self.people.find), "inline", 10)
        self.treeprocessors.register(MentionStage(self, self.people), "mentions", 5)
        self.treeprocessors.register(QuoteStage(self, self.quotations), "quotes", 0)
        self.postprocessors = Registry()
        return self


class BlankProcessor(BlockProcessor):
    """Skips blank lines. The library's own adds them to the code above, which is already complete here."""

    def test(self, parent: Element, block: str) -> bool:
        return not block or block.startswith("\n")

    def run(self, parent: Element, blocks: list[str]) -> None:
        rest = blocks.pop(0).lstrip("\n")
        if rest:
            blocks.insert(0, rest)


def _block_parser(md: "BelfryMarkdown", fences: Fences) -> BlockParser:
    parser = BlockParser(md)
    in_order = [
        BlankProcessor(parser),
        ListIndentProcessor(parser),
        FenceProcessor(parser, fences),
        QuoteProcessor(parser, md.quotations),
        TableProcessor(parser),
        HeadingProcessor(parser),
        HRProcessor(parser),
        SaneOListProcessor(parser),
        SaneUListProcessor(parser),
        BlockQuoteProcessor(parser),
        ParagraphProcessor(parser),
    ]
    for place, processor in enumerate(in_order):
        parser.blockprocessors.register(processor, type(processor).__name__, -place)
    return parser


def _serialise(root: Element) -> str:
    # The library's serialiser would take for an entity what somebody wrote about one.
    return tostring(root, encoding="unicode", method="html")
