"""What a text names that only the database knows: looked up before it is rendered, so that rendering asks nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Picture:
    """An attached picture, and how large it is shown at most."""

    width: int
    height: int
    narrow: int | None  # the width of its smaller copy, where it has one
    alt: str


@dataclass(frozen=True)
class AttachedFile:
    name: str
    size: int  # bytes


@dataclass(frozen=True)
class Named:
    """A member whom a text may name."""

    pk: int
    address: str  # of their page


@dataclass(frozen=True)
class References:
    """What is not in here is rendered as the plain text it is."""

    people: Mapping[str, Named] = field(default_factory=dict)  # by the key of a name
    attached: Mapping[str, Picture | AttachedFile] = field(default_factory=dict)  # by its key
    # What belongs to the posts that it quotes: shown in a quote of that post alone, which shares its readers.
    attached_to: Mapping[int, Mapping[str, Picture | AttachedFile]] = field(default_factory=dict)
    # Are quotes by reference cut out, to be shown to those who may read them? Else they are plain quotations.
    cuts_quotes: bool = False

    @property
    def length(self) -> int:
        """Of what they say that the text does not: a picture brings its description, a file its name."""
        files = [*self.attached.values(), *(one for of in self.attached_to.values() for one in of.values())]
        return sum(len(file.alt if isinstance(file, Picture) else file.name) for file in files)

    def in_quote_of(self, post: int) -> "References":
        """For the words of such a quote."""
        theirs = self.attached_to.get(post)
        return replace(self, attached={**self.attached, **theirs}) if theirs else self


NONE = References()
