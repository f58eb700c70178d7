"""Converts normalized text to HTML, using Python-Markdown with Belfry's own stages."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, ElementTree, tostring

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.util import Registry

from .blocks import BlockParser as Blocks
from .direction import DirectionStage
from .headings import HeadingOrder
from .inline import InlineStage
from .mentions import MentionCollector, MentionResolver, MentionStage
from .quotes import LineRange, QuoteCollector, QuoteReference, QuoteStage
from .references import NO_REFERENCES, References
from .tables import TableProcessor


@dataclass(frozen=True)
class ParsedMarkdown:
    """The resulting HTML, which is not sanitized yet."""

    html: str
    people: tuple[int, ...]  # ids of the linked members, in order
    cited: list[QuoteReference]  # its quotes by reference; the text of each is between two CUTs
    left_out: list[LineRange]


def to_html(text: str, refers_to: References = NO_REFERENCES) -> ParsedMarkdown:
    """Converts normalized Markdown to HTML."""
    md = BelfryMarkdown(refers_to, MentionResolver(refers_to))
    html = md.convert(text)
    return ParsedMarkdown(html, tuple(md.people.linked), md.quotations.cited, md.quotations.left_out)


def blocks_of(text: str) -> Blocks:
    """Returns the blocks of normalized Markdown without parsing their inline content. Quotes are cut out."""
    stage = BlockStage(BelfryMarkdown(NO_REFERENCES, MentionCollector()), QuoteCollector())
    stage.parseDocument(text.split("\n"))
    return stage.blocks


def quotes_in(text: str) -> QuoteCollector:
    """Returns the quotes by reference in normalized Markdown, with their lines."""
    quotations = blocks_of(text).quotations
    assert quotations is not None  # noqa: S101 - blocks_of passes them
    return quotations


def mentioned_name_keys(text: str) -> list[str]:
    """Returns the keys of all names that normalized Markdown may mention."""
    collector = MentionCollector()
    if "@" in text:
        BelfryMarkdown(NO_REFERENCES, collector).convert(text)
    return collector.keys


class BelfryMarkdown(Markdown):
    """The library's parser with linear stages, and without raw HTML, link references and indented code."""

    def __init__(self, refers_to: References, people: MentionResolver) -> None:
        self.refers_to = refers_to
        self.people = people
        self.quotations = QuoteCollector()
        super().__init__(output_format="html")
        self.serializer = _serialize

    def build_parser(self) -> "BelfryMarkdown":
        quotations = self.quotations if self.refers_to.cuts_quotes else None
        self.preprocessors = Registry()
        self.parser = BlockStage(self, quotations)
        self.inlinePatterns = Registry()
        self.treeprocessors = Registry()
        self.treeprocessors.register(HeadingOrder(self), "headings", 20)
        self.treeprocessors.register(InlineStage(self, self.people.find), "inline", 10)
        self.treeprocessors.register(MentionStage(self, self.people), "mentions", 5)
        self.treeprocessors.register(DirectionStage(self), "direction", 3)
        self.treeprocessors.register(QuoteStage(self, self.quotations), "quotes", 0)
        self.postprocessors = Registry()
        return self


class BlockStage:
    """Replaces the library's block parser."""

    def __init__(self, md: "BelfryMarkdown", quotations: QuoteCollector | None):
        self.blocks = Blocks(TableProcessor(BlockParser(md)), quotations)

    def parseDocument(self, lines: list[str]) -> ElementTree:  # noqa: N802 - the library's name
        return ElementTree(self.blocks.read(lines))


def _serialize(root: Element) -> str:
    # The library's serializer would take a typed entity for a real one.
    return tostring(root, encoding="unicode", method="html")
