"""The first words of a rendered text, for lists and highlights."""

from html.parser import HTMLParser

LONGEST_EXCERPT = 280
LONGEST_LOSS = 40

_INSIDE_WORDS = {"em", "strong", "a", "code"}  # every other tag stands between words


def excerpt_of(html: str) -> str:
    """Return the first visible words of sanitised HTML on one line, as text that is still to be escaped."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    words = " ".join("".join(reader.found).split())
    if len(words) <= LONGEST_EXCERPT:
        return words
    # Between two words, unless the last one is so long that much would be lost.
    at_a_blank = words[: LONGEST_EXCERPT + 1].rpartition(" ")[0]
    cut = at_a_blank if len(at_a_blank) > LONGEST_EXCERPT - LONGEST_LOSS else words[:LONGEST_EXCERPT]
    return cut.rstrip() + "…"


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INSIDE_WORDS:
            self.found.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.handle_starttag(tag, [])

    def handle_data(self, data: str) -> None:
        self.found.append(data)
