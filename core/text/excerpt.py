"""The first words of a rendered text, for lists and highlights."""

from html.parser import HTMLParser

from core.text import graphemes

from .direction import first_strong

LONGEST_EXCERPT = 280
LONGEST_LOSS = 40
RIGHT_TO_LEFT_MARK = "\u200f"

_VOID = {"br", "img", "hr"}
_PIECE = 4_000  # letters of HTML that are read at once: most texts have words enough in the first
_FARTHEST = 80_000  # who has shown nothing but tables until there has no other words worth a search
_INSIDE_WORDS = {"em", "strong", "del", "a", "code", "bdi"}  # every other tag stands between words


def excerpt_of(html: str) -> str:
    """Return the first visible words of sanitised HTML on one line, as text that is still to be escaped."""
    reader = _Words()
    words = _first_words_of(html, reader)
    if reader.way == "rtl" and first_strong(words) == "ltr":
        words = f"{RIGHT_TO_LEFT_MARK}{words}"  # a name or code stands first, of which the mark knows nothing
    if len(words) <= LONGEST_EXCERPT:
        return words
    # Between two words, unless the last one is so long that much would be lost.
    at_a_blank = words[: LONGEST_EXCERPT + 1].rpartition(" ")[0]
    is_enough = len(at_a_blank) > LONGEST_EXCERPT - LONGEST_LOSS
    cut = at_a_blank if is_enough else graphemes.cut(words, LONGEST_EXCERPT)
    return cut.rstrip() + "…"


def _first_words_of(html: str, reader: "_Words") -> str:
    """More of them than an excerpt holds, or all that there are."""
    for begins in range(0, min(len(html), _FARTHEST), _PIECE):
        reader.feed(html[begins : begins + _PIECE])
        words = _on_one_line(reader.outside_tables)
        if len(words) > LONGEST_EXCERPT:
            return words
    if len(html) <= _FARTHEST:  # otherwise what is left in it is half a tag
        reader.close()
    return _on_one_line(reader.outside_tables) or _on_one_line(reader.everywhere)


def _on_one_line(found: list[str]) -> str:
    return " ".join("".join(found).split()).removeprefix("· ")


class _Words(HTMLParser):
    """The text nodes. Items of a list are told apart by a dot; a table says nothing without its lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.outside_tables: list[str] = []
        self.everywhere: list[str] = []
        self.way = ""  # in which what is outside tables is written; "" until a letter says so
        self._inside_tables = 0
        self._apart: list[str] = []  # the elements around that say nothing about that

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._inside_tables += 1
        if tag in ("bdi", "code") or self._apart or (tag == "a" and dict(attrs).get("dir")):
            self._apart += [tag] if tag not in _VOID else []
        if tag == "img":
            self._find(f" [{dict(attrs).get('alt')}] ")
        elif tag not in _INSIDE_WORDS:
            self._find(" · " if tag == "li" else " ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._inside_tables -= 1
        if self._apart:
            self._apart.pop()
        if tag not in _INSIDE_WORDS:
            self._find(" ")

    def handle_data(self, data: str) -> None:
        if not (self.way or self._apart or self._inside_tables):
            self.way = first_strong(data)
        self._find(data)

    def _find(self, words: str) -> None:
        self.everywhere.append(words)
        if not self._inside_tables:
            self.outside_tables.append(words)
