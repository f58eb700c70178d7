"""Has this very text been sent before, or this edit saved? A browser may send it again: after a double click, or a lost
answer."""

from accounts.models import User
from core.diffs.merge import merge
from forum.history import revisions as history
from forum.models import Post, Revision, WaitingPost
from forum.polls.polls import PollTerms, terms_of, terms_waiting

MOST_LOOKED_AT = 3  # merges; so many edits from one text are more than a browser repeats


def is_what_was_sent(
    sent: Post | WaitingPost, body: str, title: str = "", poll: PollTerms | None = None
) -> bool:
    """Or has the form that sent `sent` been stopped, changed and sent again? `title` and `poll` are of a new topic."""
    if sent.first_text != body:
        return False
    if isinstance(sent, WaitingPost):
        return (sent.title, terms_waiting(sent)) == (title, poll)
    # An original post that went into another topic since has left its title behind.
    if not title or not sent.is_original:
        return True
    return (sent.topic.first_title, terms_of(sent.topic)) == (title, poll)


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
