"""Excerpts of rendered texts, for lists and highlights."""

from html.parser import HTMLParser

from core.text import graphemes

from .direction import first_direction

EXCERPT_MAX = 280
MAX_LOSS = 40
RIGHT_TO_LEFT_MARK = "\u200f"

_VOID = {"br", "img", "hr"}
_PIECE = 4_000  # characters of HTML read at once; the first piece is enough for most texts
_FARTHEST = 80_000  # where to stop looking for text outside of tables
_INSIDE_WORDS = {"em", "strong", "del", "a", "code", "bdi"}  # every other tag separates words


def excerpt_of(html: str) -> str:
    """Returns the first visible words of sanitized HTML on one line, as text that must be escaped."""
    reader = _TextReader()
    text = _beginning_of(html, reader)
    if reader.direction == "rtl" and first_direction(text) == "ltr":
        text = f"{RIGHT_TO_LEFT_MARK}{text}"  # it begins with a name or code in the other direction
    if len(text) <= EXCERPT_MAX:
        return text
    # Cut between two words, unless that would lose too much.
    at_a_blank = text[: EXCERPT_MAX + 1].rpartition(" ")[0]
    is_enough = len(at_a_blank) > EXCERPT_MAX - MAX_LOSS
    cut = at_a_blank if is_enough else graphemes.truncate(text, EXCERPT_MAX)
    return cut.rstrip() + "…"


def _beginning_of(html: str, reader: "_TextReader") -> str:
    """Returns more text than an excerpt needs, or all of it."""
    for begins in range(0, min(len(html), _FARTHEST), _PIECE):
        reader.feed(html[begins : begins + _PIECE])
        text = _on_one_line(reader.outside_tables)
        if len(text) > EXCERPT_MAX:
            return text
    if len(html) <= _FARTHEST:  # otherwise the parser may hold half a tag
        reader.close()
    return _on_one_line(reader.outside_tables) or _on_one_line(reader.everywhere)


def _on_one_line(found: list[str]) -> str:
    return " ".join("".join(found).split()).removeprefix("· ")


class _TextReader(HTMLParser):
    """Collects the text nodes. List items are separated by a dot; tables are only used if there is nothing else."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.outside_tables: list[str] = []
        self.everywhere: list[str] = []
        self.direction = ""  # direction of the text outside tables; "" until known
        self._inside_tables = 0
        self._apart: list[str] = []  # open elements whose text does not count for the direction

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._inside_tables += 1
        if tag in ("bdi", "code") or self._apart or (tag == "a" and dict(attrs).get("dir")):
            self._apart += [tag] if tag not in _VOID else []
        if tag == "img":
            self._add(f" [{dict(attrs).get('alt')}] ")
        elif tag not in _INSIDE_WORDS:
            self._add(" · " if tag == "li" else " ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._inside_tables -= 1
        if self._apart:
            self._apart.pop()
        if tag not in _INSIDE_WORDS:
            self._add(" ")

    def handle_data(self, data: str) -> None:
        if not (self.direction or self._apart or self._inside_tables):
            self.direction = first_direction(data)
        self._add(data)

    def _add(self, text: str) -> None:
        self.everywhere.append(text)
        if not self._inside_tables:
            self.outside_tables.append(text)
