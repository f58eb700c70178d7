"""The first words of a rendered text, for lists and highlights."""

from html.parser import HTMLParser

LONGEST_EXCERPT = 280
LONGEST_LOSS = 40

_INSIDE_WORDS = {"em", "strong", "a", "code"}  # every other tag stands between words


def excerpt_of(html: str) -> str:
    """Return the first visible words of sanitised HTML on one line, as text that is still to be escaped."""
    words = _words_of(html, with_tables=False) or _words_of(html, with_tables=True)
    if len(words) <= LONGEST_EXCERPT:
        return words
    # Between two words, unless the last one is so long that much would be lost.
    at_a_blank = words[: LONGEST_EXCERPT + 1].rpartition(" ")[0]
    cut = at_a_blank if len(at_a_blank) > LONGEST_EXCERPT - LONGEST_LOSS else words[:LONGEST_EXCERPT]
    return cut.rstrip() + "…"


def _words_of(html: str, *, with_tables: bool) -> str:
    reader = _Words(with_tables=with_tables)
    reader.feed(html)
    reader.close()
    return " ".join("".join(reader.found).split()).removeprefix("· ")


class _Words(HTMLParser):
    """The text nodes. Items of a list are told apart by a dot; a table says nothing without its lines."""

    def __init__(self, *, with_tables: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._with_tables = with_tables
        self._inside_tables = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._inside_tables += 1
        if tag == "img":
            self.found.append(f" [{dict(attrs).get('alt')}] ")
        elif tag not in _INSIDE_WORDS:
            self.found.append(" · " if tag == "li" else " ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._inside_tables -= 1
        if tag not in _INSIDE_WORDS:
            self.found.append(" ")

    def handle_data(self, data: str) -> None:
        if self._with_tables or not self._inside_tables:
            self.found.append(data)
