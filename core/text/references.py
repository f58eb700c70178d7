"""What a text refers to (members, attachments, quoted posts), looked up before rendering, which needs no query."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Picture:
    """An attached picture, and its maximum size on the page."""

    width: int
    height: int
    narrow: int | None  # the width of its smaller version, if there is one
    alt: str


@dataclass(frozen=True)
class AttachedFile:
    name: str
    size: int  # bytes


@dataclass(frozen=True)
class MentionedMember:
    """A member whom a text may mention."""

    pk: int
    address: str  # of their profile


@dataclass(frozen=True)
class References:
    """Everything that a text may refer to. Other references are rendered as plain text."""

    people: Mapping[str, MentionedMember] = field(default_factory=dict)  # by name key
    attached: Mapping[str, Picture | AttachedFile] = field(default_factory=dict)  # by key
    # Attachments of quoted posts, by post id: shown only in quotes of that post, which have the same readers.
    attachments_of_quotes: Mapping[int, Mapping[str, Picture | AttachedFile]] = field(default_factory=dict)
    # Whether quotes by reference are cut out; otherwise they are plain quotations.
    cuts_quotes: bool = False

    @property
    def length(self) -> int:
        """The length of the texts that attachments add: descriptions of pictures and names of files."""
        files = [
            *self.attached.values(),
            *(one for attached in self.attachments_of_quotes.values() for one in attached.values()),
        ]
        return sum(len(file.alt if isinstance(file, Picture) else file.name) for file in files)

    def for_quote_of(self, post: int) -> "References":
        """Returns the references for the words of a quote of this post."""
        attachments = self.attachments_of_quotes.get(post)
        return replace(self, attached={**self.attached, **attachments}) if attachments else self


NO_REFERENCES = References()
