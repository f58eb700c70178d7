"""How comrak, a parser that follows CommonMark and GFM, renders a text, in a form that Belfry's HTML can be converted
to."""

import re
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import comrak
from bleach._vendor import html5lib

from core.text import render
from tests.markdown.texts import STANDING, typed

Tree = tuple  # a tag, its attributes that count, its children; words are strings

HOST = "forum.example"
BLOCKS = {"p", "ul", "ol", "li", "blockquote", "pre", "hr", "table", "thead", "tbody", "tr", "th", "td"}
HEADINGS = {f"h{level}" for level in range(1, 7)}
# comrak treats Chinese, Japanese and Korean as scripts without spaces, but not Thai.
THAI_TO_HAN = {0x0E00 + offset: 0x3400 + offset for offset in range(0x60)}
HAN_TO_THAI = {han: thai for thai, han in THAI_TO_HAN.items()}
_BOX = re.compile(r"(<input[^>]*>)\s*<p>")  # comrak puts the checkbox of a task before its paragraph
COMPARED_ATTRIBUTES = {"a": ("href", "title"), "ol": ("start",)}


@dataclass(frozen=True)
class Ways:
    """Belfry's own rules that comrak has an option for. Each of them is a difference on purpose."""

    breaks: bool = True  # a line end is a line end
    no_html: bool = True  # tags are shown as text
    no_underlined_headings: bool = True


BELFRYS = Ways()
COMMONMARK = Ways(breaks=False, no_html=False, no_underlined_headings=False)


def reference(text: str, ways: Ways = BELFRYS, *, links_addresses: bool = False) -> Tree:
    """Bare URLs are links already (see `texts`), unless comrak is to find them."""
    extensions, parsing, rendering = comrak.ExtensionOptions(), comrak.ParseOptions(), comrak.RenderOptions()
    extensions.table = extensions.strikethrough = extensions.tasklist = True
    extensions.cjk_friendly_emphasis = True
    extensions.autolink = links_addresses
    parsing.ignore_setext = ways.no_underlined_headings
    rendering.unsafe_ = True
    rendering.hardbreaks = ways.breaks
    rendering.escape = ways.no_html
    told = text.translate(THAI_TO_HAN) + "\n"
    return tree_of(
        comrak.render_markdown(told, extensions, parsing, rendering).translate(HAN_TO_THAI), STANDING
    )


def belfrys(text: str) -> Tree:
    return tree_of(render(typed(text), host=HOST).html)


def tree_of(html: str, standing: dict[str, str] | None = None) -> Tree:
    """Numbers headings by their order, ignores blanks, turns an image into a link to it, and decodes addresses."""
    html = _BOX.sub(r"<p>\1 ", html)
    for letter, address in (standing or {}).items():
        html = html.replace(
            f"{letter})" if address.endswith(")") else letter,
            f'<a href="{escape(address)}">{escape(address)}</a>',
        )
    root = html5lib.parseFragment(html, namespaceHTMLElements=False)
    _order_headings(root)
    return _to_tree(root)


def _order_headings(root: Element) -> None:
    above: list[int] = []
    for heading in (element for element in root.iter() if element.tag in HEADINGS):
        level = int(heading.tag[1])
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        heading.tag = f"h{len(above)}"


def _to_tree(element: Element) -> Tree:
    if element.tag == "pre":
        return ("pre", "".join(element.itertext()))
    if element.tag == "br":
        return ("br",)
    if element.tag == "input":
        return ("☑" if "checked" in element.attrib else "☐",)
    if element.tag == "img":
        said = {"href": _decoded(element.get("src", "")), "title": element.get("title")}
        words = " ".join(element.get("alt", "").split()) or said["href"]
        return ("a", _items(said), words)
    said = {name: element.get(name) for name in COMPARED_ATTRIBUTES.get(element.tag, ())}
    if "href" in said:
        said["href"] = _decoded(said["href"] or "")
    if element.tag in ("th", "td"):
        aligned = element.get("align") or element.get("class")
        said["side"] = {"right": "end", "center": "centre", "left": None}.get(aligned, aligned)
    return (element.tag, _items(said), *_children(element))


def _items(said: dict) -> tuple:
    return tuple((name, value) for name, value in sorted(said.items()) if value is not None)


def _children(element: Element) -> list:
    parts: list = []

    def say(words: str | None) -> None:
        if words and parts and isinstance(parts[-1], str):
            parts[-1] += words
        elif words:
            parts.append(words)

    say(element.text)
    for child in element:
        if child.tag == "div" and child.get("class") == "table-scroll":
            parts += [_to_tree(table) for table in child]
        elif child.tag != "tbody" or len(child):
            told = _to_tree(child)
            if len(told) == 1 and told[0] != "br":
                say(told[0])
            else:
                parts.append(told)
        say(child.tail)
    return _without_blanks(parts)


def _without_blanks(parts: list) -> list:
    """Joins blanks into one, and removes those at the edges of blocks and lines."""
    out: list = []
    for at, part in enumerate(parts):
        if not isinstance(part, str):
            out.append(part)
            continue
        words = (
            f"{' ' if part[0].isspace() else ''}{' '.join(part.split())}{' ' if part[-1].isspace() else ''}"
        )
        before, after = parts[at - 1] if at else None, parts[at + 1] if at + 1 < len(parts) else None
        if _is_edge(before):
            words = words.lstrip(" ")
        if _is_edge(after):
            words = words.rstrip(" ")
        if words:
            out.append(words)
    return out


def _is_edge(part: object) -> bool:
    return part is None or (isinstance(part, tuple) and (part[0] == "br" or part[0] in BLOCKS | HEADINGS))


def _decoded(address: str) -> str:
    return unquote(unescape(address)).replace("http://www.", "https://www.")
