"""What a text names that only the database knows: looked up before it is rendered, so that rendering asks nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Named:
    """A member whom a text may name."""

    pk: int
    address: str  # of their page


@dataclass(frozen=True)
class References:
    """What is not in here is rendered as the plain text it is."""

    people: Mapping[str, Named] = field(default_factory=dict)  # by the key of a name
    # Are quotes by reference cut out, to be shown to those who may read them? Else they are plain quotations.
    cuts_quotes: bool = False


NONE = References()
