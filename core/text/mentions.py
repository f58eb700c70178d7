"""Mentions such as `@ada`: linked to existing members, up to ten per text.

A name in a link, in code or in a quotation stays text, so that a quote mentions nobody again.
"""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from core.text.name_keys import name_key, possible_names
from core.text.scripts import UNSPACED

from .direction import has_right_to_left
from .emphasis import Piece, fill
from .references import MentionedMember, References

MAX_MENTIONS = 10  # linked per text
MAX_LOOKUPS = 50  # different mentions per text, of which most may be no member's

MENTION = "mention"  # a temporary tag, until MentionStage decides
_SILENT = ("a", "blockquote", "quote")

# Not mail@name or @a@b; but letters of a script without spaces may be on either side.
BEFORE_MENTION = rf"(?:(?<![^\W_])(?<![@.+/-])(?<!\w_)|(?<=[{UNSPACED}]))"
AFTER_NAME = rf"(?:(?!@)|(?<=[^\w.-])|(?<=[{UNSPACED}]))"

Find = Callable[[str], str]  # returns the name that the text after an @ begins with, or ""


def mention_element(name: str) -> Element:
    element = Element(MENTION, {"name": name})
    element.text = f"@{name}"
    return element


class MentionResolver:
    """The members mentioned in one text."""

    def __init__(self, refers_to: References) -> None:
        self.known = refers_to.people
        self.linked: dict[int, None] = {}  # in order of mention
        self._names: dict[str, str] = {}

    def find(self, letters: str) -> str:
        """Returns the longest name of a member that the text begins with, or ""."""
        if not self.known:
            return ""
        if letters not in self._names:
            names = possible_names(letters)
            self._names[letters] = next((name for name in names if name_key(name) in self.known), "")
        return self._names[letters]

    def link(self, name: str) -> MentionedMember | None:
        """Returns the member to link to, or None if the limit is reached."""
        member = self.known[name_key(name)]
        if member.pk not in self.linked and len(self.linked) == MAX_MENTIONS:
            return None
        self.linked[member.pk] = None
        return member


class MentionCollector(MentionResolver):
    """Collects the names to look up, treating every name as a member's."""

    def __init__(self) -> None:
        super().__init__(References())
        self.letters: dict[str, None] = {}

    def find(self, letters: str) -> str:
        return letters

    def link(self, name: str) -> MentionedMember | None:
        if len(self.letters) < MAX_LOOKUPS:
            self.letters[name] = None
        return None

    @property
    def keys(self) -> list[str]:
        """The keys of all names that the mentions may mean."""
        return list({name_key(name): None for letters in self.letters for name in possible_names(letters)})


class MentionStage(Treeprocessor):
    """Turns mentions into links where links are allowed, and into text elsewhere."""

    def __init__(self, md: Markdown, people: MentionResolver):
        super().__init__(md)
        self.people = people
        self.must_isolate = False

    def run(self, root: Element) -> None:
        if next(root.iter(MENTION), None) is None:
            return
        self.must_isolate = any(map(has_right_to_left, root.itertext()))
        silent = {id(inner) for tag in _SILENT for outer in root.iter(tag) for inner in outer.iter()}
        for parent in list(root.iter()):
            if any(child.tag == MENTION for child in parent):
                self._resolve_children(parent, is_silent=id(parent) in silent)

    def _resolve_children(self, parent: Element, *, is_silent: bool) -> None:
        pieces: list[Piece] = [parent.text or ""]
        for child in parent:
            tail, child.tail = child.tail or "", None
            pieces += [
                child if child.tag != MENTION else self._mention_piece(child, is_silent=is_silent),
                tail,
            ]
        del parent[:]
        parent.text = None
        fill(parent, pieces)

    def _mention_piece(self, found: Element, *, is_silent: bool) -> Piece:
        text = found.text or ""
        member = None if is_silent else self.people.link(found.attrib["name"])
        if member is None and not self.must_isolate:
            return text
        if member is None:  # no link, but possibly of another direction than the text around it
            isolated = Element("bdi")
            isolated.text = text
            return isolated
        link = Element("a", {"class": MENTION, "href": member.address})
        link.text = text
        return link
