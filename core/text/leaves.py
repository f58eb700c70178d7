"""Blocks with text of several lines: paragraphs and tables."""

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
    """A table. Its rows are split into cells when it is closed."""

    parent: Element
    rows: list[str]
    processor: TableProcessor

    def close(self) -> None:
        lines = "\n".join(self.rows)
        if not self.processor.run(self.parent, [lines]):  # too large for a table
            SubElement(self.parent, "p").text = lines
