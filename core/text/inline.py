"""Parses inline Markdown: code, links, emphasis, line breaks.

The library's inline stage rebuilds the text at every match and searches forward from every bracket, both of which is
quadratic. This one reads each character once, with stacks for open brackets and stars.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from .addresses import BEGINS, address_at
from .attachments import render_attachment
from .emphasis import Delimiter, Piece, fill, join_emphasis
from .entities import ENTITY, ESCAPED, decode_entity, unescape_markdown
from .links import safe_address, safe_link_address
from .mentions import AFTER_NAME, BEFORE_MENTION, Find, mention_element
from .quotes import QUOTED_POST
from .references import References

_TOKEN = re.compile(
    rf"""
      (?P<escaped>{ESCAPED})
    | (?P<newline>\\?\n)
    | (?P<ticks>`++)
    | (?P<run>\*++|_++|~++)
    | (?P<bracket>!?\[)
    | (?P<end>\])
    | <(?P<auto>(?:https?://|mailto:)[^\s<>]{{1,2000}}+)>
    | <(?P<mail>[\w.!#$%&'*+/=?^`{{|}}~-]{{1,64}}+@[\w.-]{{1,255}}+)>
    | (?P<entity>{ENTITY})
    | {BEFORE_MENTION}@(?=[^\W_])(?P<name>[^\s!-,/:-@\[-^`{{-~]++){AFTER_NAME}
    | (?P<address>{BEGINS})
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN = rf"(?:[^\x00-\x20()\\]|{ESCAPED}|\\)"
_PAIRS = rf"(?:{_PLAIN}|\((?:{_PLAIN}|\((?:{_PLAIN}|\({_PLAIN}{{0,2000}}+\)){{0,2000}}+\)){{0,2000}}+\))"
_ADDRESS = re.compile(
    rf"""\([ \t\n]*+
        (?: <(?P<angled>(?:[^<>\n\\]|\\.|\\){{0,2000}}+)> | (?P<plain>(?!<){_PAIRS}{{0,2000}}+) )
        (?:[ \t\n]++(?:
            "(?P<double>(?:[^"\\]|\\.){{0,300}}+)" | '(?P<single>(?:[^'\\]|\\.){{0,300}}+)'
          | \((?P<round>(?:[^()\\]|\\.){{0,300}}+)\) ))?+
        [ \t\n]*+\)""",
    re.VERBOSE | re.DOTALL,
)
_MOST_BRACKETS = 8  # open brackets; limits the nesting


class InlineStage(Treeprocessor):
    """Replaces the library's `inline` tree processor."""

    def __init__(self, md: Markdown, find: Find):
        super().__init__(md)
        self.find = find

    def run(self, root: Element) -> None:
        refers_to = self.md.refers_to
        in_quotes = {
            element: refers_to.for_quote_of(int(quote.attrib[QUOTED_POST]))
            for quote in root.iter("quote")
            for element in quote.iter()
        }
        for parent in list(root.iter()):
            if isinstance(parent.text, AtomicString):
                continue
            references = in_quotes.get(parent, refers_to)
            pieces = parse_inline((parent.text or "").strip("\n"), self.find, references)
            for child in list(parent):
                tail, child.tail = child.tail, None
                parent.remove(child)
                pieces.append(child)
                pieces += parse_inline((tail or "").strip("\n"), self.find, references)
            parent.text = None
            fill(parent, pieces)


def parse_inline(text: str, find: Find, refers_to: References) -> list[Piece]:
    """Parses a text into strings and elements. `find` returns the member's name that a text begins with."""
    return _InlineParser(text, find, refers_to).pieces() if text else []


class _InlineParser:
    def __init__(self, text: str, find: Find, refers_to: References):
        self.text = text
        self.find = find
        self.refers_to = refers_to
        self.out: list[Piece | Delimiter] = []
        self.brackets: list[int] = []  # indexes in `out` of opened links
        self.ticks = _tick_runs(text)

    def pieces(self) -> list[Piece]:
        at = 0
        while found := _TOKEN.search(self.text, at):
            if found.start() > at:
                self.out.append(self.text[at : found.start()])
            at = self._read(found)
        self.out.append(self.text[at:])
        return join_emphasis(self.out)

    def _read(self, token: re.Match[str]) -> int:
        """Adds the output for `token`; returns the index at which to continue."""
        kind = token.lastgroup
        if kind == "ticks":
            return self._read_code(token)
        if kind == "end":
            return self._read_link(token)
        if kind == "name":
            return self._read_name(token)
        if kind == "address":
            return self._read_address(token)
        if kind == "bracket":
            self.brackets = [*self.brackets[1 - _MOST_BRACKETS :], len(self.out)]
            self.out.append(token[0])
        elif kind == "run":
            self.out.append(Delimiter.at(self.text, token))
        elif kind == "newline":
            self.out += [Element("br"), "\n"]
        elif kind in ("auto", "mail"):
            address = safe_link_address(token["auto"] or f"mailto:{token['mail']}")
            self.out.append(_link(address, [token["auto"] or token["mail"]]) if address else token[0])
        elif kind == "entity":
            self.out.append(decode_entity(token[0]))
        else:  # an escaped character
            self.out.append(token[0][1])
        return token.end()

    def _read_address(self, token: re.Match[str]) -> int:
        """Reads a bare address."""
        typed = address_at(self.text, token.start()) or token[0]
        address = safe_address(typed)
        self.out.append(_link(address, [typed]) if address else typed)
        return token.start() + len(typed)

    def _read_name(self, token: re.Match[str]) -> int:
        """Reads a mention. The text after it, or after an @ without a known name, is parsed as usual."""
        name = self.find(token["name"])
        self.out.append(mention_element(name) if name else "@")
        return token.start() + 1 + len(name)

    def _read_code(self, token: re.Match[str]) -> int:
        runs = self.ticks[len(token[0])]
        closing = bisect_left(runs, token.end())
        if closing == len(runs):
            self.out.append(token[0])
            return token.end()
        code = Element("code")
        content = self.text[token.end() : runs[closing]].replace("\n", " ")
        is_padded = content.startswith(" ") and content.endswith(" ") and content.strip(" ")
        code.text = content[1:-1] if is_padded else content
        self.out.append(code)
        return runs[closing] + len(token[0])

    def _read_link(self, token: re.Match[str]) -> int:
        found = self.brackets and _ADDRESS.match(self.text, token.end())
        opened = self.brackets.pop() if self.brackets else 0
        address = (
            safe_link_address(unescape_markdown(found["angled"] or found["plain"] or "")) if found else None
        )
        if not found or not address:
            self.out.append("]")
            return token.end()
        is_picture = self.out[opened] == "!["
        label = _without_links(join_emphasis(self.out[opened + 1 :]))
        title = unescape_markdown(found["double"] or found["single"] or found["round"] or "")
        shown = render_attachment(address, self.refers_to, label, is_picture=is_picture)
        is_seen = any(isinstance(piece, Element) or piece.strip() for piece in label)
        self.out[opened:] = shown or [_link(address, label if is_seen else [address], title)]
        if not is_picture:
            self.brackets = [at for at in self.brackets if self.out[at] == "!["]  # links cannot be nested
        return found.end()


def _link(address: str, label: list[Piece], title: str = "") -> Element:
    link = Element("a", {"href": address} | ({"title": title} if title else {}))
    fill(link, label)
    return link


def _without_links(label: list[Piece]) -> list[Piece]:
    """Replaces links by their content, for use inside another link."""
    pieces: list[Piece] = []
    for piece in label:
        if isinstance(piece, Element):
            inner = _without_links([piece.text or "", *_children(piece)])
            if piece.tag == "a":
                pieces += inner
                continue
            fill(piece, inner)
        pieces.append(piece)
    return pieces


def _children(element: Element) -> list[Piece]:
    """Removes the children of an element and returns them with the text between them."""
    pieces: list[Piece] = []
    for child in element:
        tail, child.tail = child.tail, None
        pieces += [child, tail or ""]
    del element[:]
    return pieces


def _tick_runs(text: str) -> dict[int, list[int]]:
    runs = defaultdict(list)
    for run in re.finditer("`+", text):
        runs[len(run[0])].append(run.start())
    return runs
