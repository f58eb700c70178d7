"""Look up what a text refers to, before it is rendered."""

from accounts.models import User
from forum.attached import named_in
from forum.models import Post, Section
from forum.rendering.references import References


def references_in(
    body: str, *, by: User, section: Section, post: Post | None = None, editor: User | None = None
) -> References:
    """Those of the things named in `body` that are there, and that its writer may name in this section. `post`: what
    it is the text of, where there is one already; `editor`: who changes it, if that is not its writer."""
    return References(attached=named_in(body, by=by, post=post, editor=editor))
