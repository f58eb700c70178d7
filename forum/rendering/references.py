"""What a text names that only the database knows: looked up before it is rendered, so that rendering asks nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class References:
    """What is not in here is rendered as the plain text it is."""

    people: Mapping[str, str] = field(
        default_factory=dict
    )  # the key of a name, and the address of its member


NONE = References()
