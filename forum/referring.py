"""Look up what a text refers to, before it is rendered."""

from accounts.models import User
from forum.models import Section
from forum.rendering.references import NONE, References


def references_in(body: str, *, by: User, section: Section) -> References:
    """Those of the things named in `body` that are there, and that its writer may name in this section."""
    return NONE
