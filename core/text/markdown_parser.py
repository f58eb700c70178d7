"""From normalised text to HTML, by Python-Markdown with Belfry's own stages in it."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, ElementTree, tostring

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.util import Registry

from .blocks import Blocks
from .direction import DirectionStage
from .headings import HeadingOrder
from .inline import InlineStage
from .mentions import Asking, MentionStage, People
from .quotes import Cited, Lines, Quotations, QuoteStage
from .references import NONE, References
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
    html = md.convert(text)
    return Marked(html, tuple(md.people.linked), md.quotations.cited, md.quotations.left_out)


def blocks_of(text: str) -> Blocks:
    """The blocks of normalised Markdown, in which quotes by reference are cut out; what stands in them is not read."""
    stage = BlockStage(BelfryMarkdown(NONE, Asking()), Quotations())
    stage.parseDocument(text.split("\n"))
    return stage.blocks


def quotations_in(text: str) -> Quotations:
    """What normalised Markdown quotes by reference, and in which lines."""
    quotations = blocks_of(text).quotations
    assert quotations is not None  # noqa: S101 - see above
    return quotations


def names_asked_for(text: str) -> list[str]:
    """The keys of the names that normalised Markdown mentions, if somebody has them."""
    asking = Asking()
    if "@" in text:
        BelfryMarkdown(NONE, asking).convert(text)
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
    """Takes the place of the library's parser of blocks."""

    def __init__(self, md: "BelfryMarkdown", quotations: Quotations | None):
        self.blocks = Blocks(TableProcessor(BlockParser(md)), quotations)

    def parseDocument(self, lines: list[str]) -> ElementTree:  # noqa: N802 - the library's name
        return ElementTree(self.blocks.read(lines))


def _serialise(root: Element) -> str:
    # The library's serialiser would take for an entity what somebody wrote about one.
    return tostring(root, encoding="unicode", method="html")
