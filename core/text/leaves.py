"""Blocks that hold words over several lines: paragraphs and tables."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from .tables import TableProcessor


@dataclass
class Paragraph:
    element: Element
    lines: list[str]

    def close(self) -> None:
        self.element.text = "\n".join(self.lines)


@dataclass
class Table:
    """Its rows are cut into cells when all of them are there."""

    parent: Element
    rows: list[str]
    processor: TableProcessor

    def close(self) -> None:
        lines = "\n".join(self.rows)
        if not self.processor.run(self.parent, [lines]):  # it would be far too much
            SubElement(self.parent, "p").text = lines
