"""A first visit to a topic page: everything that a browser with an empty cache downloads, in bytes on the wire."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from bench import visits
from bench.forums import Forum
from bench.servers import Response, Server
from bench.table import Line, Part, at_most

ENCODINGS = "gzip, deflate, br"
FETCHED_LINKS = {"stylesheet", "icon", "manifest", "preload", "modulepreload"}
IN_CSS = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")


class _Needs(HTMLParser):
    """Collects the URLs that a browser loads with a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "link" and FETCHED_LINKS & set((attributes.get("rel") or "").split()):
            self.found.append(attributes.get("href") or "")
        elif tag in ("script", "img", "iframe", "source") and attributes.get("src"):
            self.found.append(attributes["src"] or "")


def fetched(server: Server, path: str) -> dict[str, int]:
    """Returns every URL that is loaded, and the bytes of its response including headers."""
    pending, sizes = [path], {}
    while pending:
        address = pending.pop()
        if address in sizes or urlsplit(address).scheme == "data":
            continue
        response = server.get(address, {"Accept-Encoding": ENCODINGS})
        assert response.status == 200, (address, response.status)
        sizes[address] = _size(response)
        plain = server.get(address, {"Accept-Encoding": "identity"})
        pending += [urljoin(address, need) for need in _needs(plain)]
    return sizes


def _size(response: Response) -> int:
    head = "".join(f"{name}: {value}\r\n" for name, value in response.headers)
    return len(f"HTTP/1.1 {response.status} OK\r\n{head}\r\n") + len(response.body)


def _needs(response: Response) -> list[str]:
    kind = {name.lower(): value for name, value in response.headers}.get("content-type", "")
    text = response.body.decode("utf-8", "replace")
    if kind.startswith("text/html"):
        page = _Needs()
        page.feed(text)
        return page.found
    if kind.startswith("text/css"):
        return [one or other for one, other in IN_CSS.findall(text)]
    return []


def measure(forum: Forum, server: Server) -> Part:
    with visits.using(forum):
        path = visits.long_topic().get_absolute_url()
    sizes = fetched(server, path)
    return Part(
        "A guest's first visit to a topic page, compressed, with headers",
        [
            Line("kB", [sum(sizes.values()) / 1000], at_most(60), places=1),
            Line("requests", [float(len(sizes))], at_most(6), places=0),
        ],
    )
