"""What stands inside a paragraph: code, links, emphasis, line breaks.

The library's own inline stage rebuilds the whole text at every match and lets every bracket search forward
again, which is quadratic in both. This one reads each character once: brackets and stars wait on a stack for
their other half.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from html import unescape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from .attachments import attached
from .emphasis import LONGEST_RUN, Delimiter, Piece, fill, join_emphasis
from .links import safe_address
from .mentions import Find, mention
from .quotes import OF
from .references import References
from .source import normalise

_TOKEN = re.compile(
    r"""
      \\(?P<escaped>[!-/:-@\[-`{-~])
    | (?P<ticks>`++)
    | (?P<run>\*++|_++)
    | (?P<bracket>!?\[)
    | (?P<end>\])
    | (?P<newline>\n)
    | <(?P<auto>(?:https?://|mailto:)[^\s<>]{1,2000}+)>
    | <(?P<mail>[\w.+-]{1,64}+@[\w.-]{1,255}+)>
    | (?P<entity>&(?:\#[0-9]{1,7}+|\#[xX][0-9a-fA-F]{1,6}+|[A-Za-z][A-Za-z0-9]{1,31}+);)
    | (?<![^\W_])(?<![@.+/-])(?<!\w_)@(?=[^\W_])(?P<name>[^\s!-,/:-@\[-^`{-~]++)(?!@)  # no mail@name, no @a@b
    | (?P<url>(?<![A-Za-z0-9])(?:https?://|www\.)[^\s<>\[\]*`\\]++)  # whole: its stars are its own
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"""\(\s*+
        (?: <(?P<angled>[^<>\n]{0,2000}+)> | (?P<plain>(?:[^\s()\\<>]|\\.|\([^\s()<>]{0,2000}+\)){0,2000}+) )
        (?:\s++(?: "(?P<double>(?:[^"\\]|\\.){0,300}+)" | '(?P<single>(?:[^'\\]|\\.){0,300}+)' ))?+
        \s*+\)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class InlineStage(Treeprocessor):
    """Takes the place of the library's `inline` tree processor."""

    def __init__(self, md: Markdown, find: Find):
        super().__init__(md)
        self.find = find

    def run(self, root: Element) -> None:
        refers_to = self.md.refers_to
        in_quotes = {
            one: refers_to.in_quote_of(int(quote.attrib[OF]))
            for quote in root.iter("quote")
            for one in quote.iter()
        }
        for parent in list(root.iter()):
            if isinstance(parent.text, AtomicString):
                continue
            here = in_quotes.get(parent, refers_to)
            pieces = read_inline((parent.text or "").strip("\n"), self.find, here)
            for child in list(parent):
                tail, child.tail = child.tail, None
                parent.remove(child)
                pieces.append(child)
                pieces += read_inline((tail or "").strip("\n"), self.find, here)
            parent.text = None
            fill(parent, pieces)


def read_inline(text: str, find: Find, refers_to: References) -> list[Piece]:
    """Read one run of text into words and elements. `find` knows which names are somebody's."""
    return _Reading(text, find, refers_to).pieces() if text else []


class _Reading:
    def __init__(self, text: str, find: Find, refers_to: References):
        self.text = text
        self.find = find
        self.refers_to = refers_to
        self.out: list[Piece | Delimiter] = []
        self.brackets: list[int] = []  # where in `out` an opened link waits for its end
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
        """Add what `token` means; return where to go on."""
        kind = token.lastgroup
        if kind == "ticks":
            return self._read_code(token)
        if kind == "end":
            return self._read_link(token)
        if kind == "name":
            return self._read_name(token)
        if kind == "bracket":
            self.brackets.append(len(self.out))
            self.out.append(token[0])
        elif kind == "run" and len(token[0]) <= LONGEST_RUN:
            self.out.append(Delimiter.at(self.text, token))
        elif kind == "newline":
            self.out += [Element("br"), "\n"]
        elif kind in ("auto", "mail"):
            address = safe_address(token["auto"] or f"mailto:{token['mail']}")
            self.out.append(_link(address, [token["auto"] or token["mail"]]) if address else token[0])
        elif kind == "entity":
            self.out.append(normalise(unescape(token[0])))
        else:  # an escaped character, a bare address, a line of stars
            self.out.append(token["escaped"] or token[0])
        return token.end()

    def _read_name(self, token: re.Match[str]) -> int:
        """What follows a name, or an @ that is before nobody's, is read as any text: it may hold `_`."""
        name = self.find(token["name"])
        self.out.append(mention(name) if name else "@")
        return token.start() + 1 + len(name)

    def _read_code(self, token: re.Match[str]) -> int:
        same = self.ticks[len(token[0])]
        closing = bisect_left(same, token.end())
        if closing == len(same):
            self.out.append(token[0])
            return token.end()
        code = Element("code")
        words = self.text[token.end() : same[closing]].replace("\n", " ")
        code.text = words[1:-1] if words.startswith(" ") and words.endswith(" ") and words.strip() else words
        self.out.append(code)
        return same[closing] + len(token[0])

    def _read_link(self, token: re.Match[str]) -> int:
        found = self.brackets and _ADDRESS.match(self.text, token.end())
        opened = self.brackets.pop() if self.brackets else 0
        address = (
            safe_address(_ESCAPED.sub(r"\1", found["angled"] or found["plain"] or "")) if found else None
        )
        if not found or not address:
            self.out.append("]")
            return token.end()
        words = join_emphasis(self.out[opened + 1 :])
        title = _ESCAPED.sub(r"\1", found["double"] or found["single"] or "")
        shown = attached(address, self.refers_to, words, is_picture=self.out[opened] == "![")
        self.out[opened:] = shown or [_link(address, words or [address], title)]
        self.brackets.clear()  # a link holds no link
        return found.end()


def _link(address: str, words: list[Piece], title: str = "") -> Element:
    link = Element("a", {"href": address} | ({"title": title} if title else {}))
    fill(link, words)
    return link


def _tick_runs(text: str) -> dict[int, list[int]]:
    runs = defaultdict(list)
    for run in re.finditer("`+", text):
        runs[len(run[0])].append(run.start())
    return runs
