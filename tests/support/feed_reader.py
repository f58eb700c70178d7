"""A feed as a feed reader parses it, and checks against RFC 4287."""

import re
from xml.etree import ElementTree

from forum.models import Topic

ATOM = "{http://www.w3.org/2005/Atom}"
ALL, ANNOUNCEMENTS, HIGHLIGHTS = "/feeds/", "/feeds/announcements/", "/feeds/highlights/"
TALK = "/s/talk/feed/"


def of(topic: Topic) -> str:
    return f"/t/{topic.pk}/{topic.slug}/feed/"


class Read:
    """What a client gets at this URL, parsed."""

    def __init__(self, client, address: str) -> None:
        self.response = client.get(address)
        assert self.response.status_code == 200, address
        self.root = ElementTree.fromstring(self.response.content)
        self.entries = self.root.findall(f"{ATOM}entry")

    def all(self, name: str) -> list[str]:
        return [entry.findtext(f"{ATOM}{name}", "") for entry in self.entries]

    @property
    def ids(self) -> list[int]:
        return [int(said.rstrip("/").rpartition("/")[2]) for said in self.all("id")]

    @property
    def texts(self) -> list[str]:
        """Returns the texts, without the element that sets their direction."""
        return [
            re.sub(r'^<div dir="auto">(.*)</div>$', r"\1", text, flags=re.S) for text in self.all("content")
        ]

    def link(self, rel: str) -> str:
        (link,) = (link for link in self.root.findall(f"{ATOM}link") if link.get("rel") == rel)
        return link.get("href", "")


def faults(root: ElementTree.Element) -> list[str]:
    """Returns what RFC 4287 requires and this feed lacks."""
    found = []
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            if len(element.findall(f"{ATOM}{name}")) != 1:
                found.append(f"{element.tag} has not one {name}")
        if not re.match(r"https?://[^/]+/", element.findtext(f"{ATOM}id", "")):
            found.append(f"{element.tag} has no absolute id")
        for name in ("updated", "published"):
            for said in element.findall(f"{ATOM}{name}"):
                if not re.fullmatch(
                    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", said.text or ""
                ):
                    found.append(f"{said.text} is no time")
        links = element.findall(f"{ATOM}link")
        found += [f"{link.get('href')} is not absolute" for link in links if ":" not in link.get("href", "")]
        found += [f"{link.get('href')} is no URI" for link in links if not link.get("href", "").isascii()]
        if "alternate" not in {link.get("rel") for link in links}:
            found.append(f"{element.tag} leads nowhere")
    for entry in root.findall(f"{ATOM}entry"):
        if not entry.findtext(f"{ATOM}author/{ATOM}name"):
            found.append("an entry has no author")
        if [content.get("type") for content in entry.findall(f"{ATOM}content")] != ["html"]:
            found.append("an entry has not one content")
    ids = [element.text for element in root.iter(f"{ATOM}id")]
    if len(ids) != len(set(ids)):
        found.append("two things have one id")
    return found
