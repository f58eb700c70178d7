"""Parses HTML as a browser does, and reports everything that a rendered post must never contain."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bleach._vendor import html5lib  # it builds the tree that browsers build

ALLOWED = {
    "a": {"href", "title", "rel", "class"},
    "ol": {"start"},
    "div": {"class"},
    "th": {"class"},
    "td": {"class"},
    "img": {"src", "srcset", "sizes", "width", "height", "loading", "alt"},
} | dict.fromkeys(
    [
        *("p", "br", "hr", "em", "strong", "del", "code", "pre", "blockquote", "ul", "li"),
        *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "bdi"),
    ],
    set[str](),
)
TAGS_WITH_DIRECTION = {
    "a",
    "blockquote",
    "code",
    "h3",
    "h4",
    "h5",
    "h6",
    "ol",
    "p",
    "pre",
    "table",
    "td",
    "th",
    "ul",
}
DIRECTIONS = {"auto", "ltr", "rtl"}
CLASSES = {"table-scroll", "centre", "end", "mention"}
SCHEMES = {"", "http", "https", "mailto"}
ATTACHMENT_URL = re.compile(r"/a/[0-9a-f]{32}/([0-9]{1,4}/)?")  # the only URLs from which a picture may come


def elements(html: str) -> Iterator:
    """Returns every element of `html`."""
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return (element for element in tree.iter() if element is not tree)


def faults(html: str) -> list[str]:
    """Returns what is wrong with `html`: elements, attributes, classes and URLs outside the lists."""
    found = []
    for element in elements(html):
        if element.tag not in ALLOWED:
            found.append(f"<{element.tag}>")
            continue
        allowed = ALLOWED[element.tag] | ({"dir"} if element.tag in TAGS_WITH_DIRECTION else set())
        found += [f"{element.tag}[{name}]" for name in element.attrib if name not in allowed]
        if element.get("dir", "auto") not in DIRECTIONS:
            found.append(f"dir={element.get('dir')}")
        if not set(element.get("class", "").split()) <= CLASSES:
            found.append(f"class={element.get('class')}")
        if scheme_of(element.get("href", "")) not in SCHEMES:
            found.append(f"href={element.get('href')}")
        pictures = [element.get("src", ""), *re.findall(r"[^\s,]*/[^\s,]*", element.get("srcset", ""))]
        found += [
            f"src={address}" for address in pictures if address and not ATTACHMENT_URL.fullmatch(address)
        ]
    return found


def scheme_of(address: str) -> str:
    """Returns the scheme as a browser finds it, without controls in front and tabs and line ends anywhere."""
    try:
        return urlsplit(re.sub(r"[\t\n\r]", "", address.lstrip("".join(map(chr, range(33)))))).scheme.lower()
    except ValueError:
        return ""
