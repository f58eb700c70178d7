"""Has this very edit been saved before? A browser may send it again: after a double click, or a lost answer."""

from accounts.models import User
from forum import history
from forum.merging import merge
from forum.models import Post, Revision

MOST_LOOKED_AT = 3  # merges; so many edits from one text are more than a browser repeats


def was_saved(post: Post, *, by: User, body: str, version: int) -> bool:
    """Did `by` write a revision from the text of `version` by sending this text? Their words may stand in it merged
    with what was changed meanwhile; then the same merge gives the same text."""
    earlier = post.revisions.filter(written_by=by, number__gt=version).defer("html").order_by("number")
    said = {
        revision.number: revision
        for revision in [*earlier, Revision.current(post)]
        if revision.written_by_id == by.pk
    }
    follows = said.get(version + 1)
    if follows and follows.merged_from is None and follows.body == body:
        return True
    merged = [revision for revision in said.values() if revision.merged_from == version]
    return any(_came_of(revision, post, by, body) for revision in merged[-MOST_LOOKED_AT:])


def _came_of(revision: Revision, post: Post, by: User, body: str) -> bool:
    if revision.body == body:
        return True
    base = history.text_of(post, revision.merged_from or 0, to=by)
    onto = history.text_of(post, revision.number - 1, to=by)
    return base is not None and onto is not None and merge(base, body, onto).text == revision.body
