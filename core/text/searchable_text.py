"""The text of rendered HTML for search: what its readers see, without the quotes of other posts, which are
filled in for each reader (forum/quotes/display.py)."""

from html.parser import HTMLParser

INSIDE_WORDS = {"em", "strong", "del", "a", "code", "bdi", "span"}  # every other tag separates words


def searchable_text(html: str) -> str:
    """Returns the text of sanitized HTML, with the descriptions of its images. Blocks are on lines of their own."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    lines = ("".join(reader.parts)).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines if not line.isspace() and line)


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.parts.append(f"\n{dict(attrs).get('alt') or ''}\n")
        elif tag not in INSIDE_WORDS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag not in INSIDE_WORDS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        # A line break in a paragraph is a space.
        self.parts.append(data.replace("\n", " "))
