"""Plain text and links of rendered texts, to compare a quote with its source."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

_LEFT_OUT = re.compile(r"\[(?:…|\.\.\.)\]")


Link = tuple[str, str, str]  # text, address, title


@dataclass(frozen=True)
class PlainText:
    text: str
    links: frozenset[Link]


def plain_text_of(html: str) -> PlainText:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return PlainText(_without_spaces(reader.texts), frozenset(reader.links))


def is_word_for_word(quote: PlainText, source: PlainText) -> bool:
    """Is the quote word for word in `source`? Spaces are ignored, and `[…]` marks omitted text."""
    at = 0
    for part in _LEFT_OUT.split(quote.text):
        found = source.text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    # A quote may contain a part of a link's text.
    return all(link in source.links or _is_part_of(link, source) for link in quote.links)


def _is_part_of(link: Link, source: PlainText) -> bool:
    text, *target = link
    return any(
        text in source_text and target == source_target for source_text, *source_target in source.links
    )


def _without_spaces(texts: list[str]) -> str:
    return "".join("".join(texts).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.links: list[tuple[str, str, str]] = []
        self._open: tuple[int, str, str] | None = None  # the index in `texts` at which a link began

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            attributes = dict(attrs)
            self._open = (len(self.texts), attributes.get("href") or "", attributes.get("title") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open:
            start, address, title = self._open
            self.links.append((_without_spaces(self.texts[start:]), address, title))
            self._open = None

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
