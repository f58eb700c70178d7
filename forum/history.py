"""Every revision of a post, and what changed between any two."""

from dataclasses import dataclass

from accounts.models import Person, User
from forum import permissions, quoted
from forum.diffing import Piece, fold, word_diff
from forum.models import Post, Revision, TitleChange
from forum.versions import Stamp


@dataclass(frozen=True)
class Comparison:
    older: Revision
    newer: Revision
    pieces: list[Piece]
    stamp: Stamp  # of the topics of the posts that they quote


def revisions_of(post: Post) -> list[Revision]:
    """Oldest first; the last is what the post says now."""
    earlier = post.revisions.select_related("written_by").defer("html").order_by("number")
    return [*earlier, Revision.current(post)]


def text_of(post: Post, number: int, *, to: Person) -> str | None:
    """What the post said then; None where there is no such revision for this person."""
    if not permissions.can_read_history(to, post):
        return None
    if number == post.version:
        return post.body
    return post.revisions.filter(number=number).values_list("body", flat=True).first()


def writers_between(post: Post, older: int, newer: int) -> list[User]:
    """Who wrote the revisions between these two, each once, in the order of their last."""
    written = post.revisions.filter(number__gt=older, number__lt=newer).select_related("written_by")
    latest = {
        revision.written_by_id: revision for revision in written.defer("body", "html").order_by("number")
    }
    return [r.written_by for r in sorted(latest.values(), key=lambda revision: revision.number)]


def title_changes_of(post: Post) -> list[TitleChange]:
    """The topic's title belongs to its original post."""
    if not post.is_original:
        return []
    return list(post.topic.title_changes.select_related("changed_by").order_by("number"))


def compare(revisions: list[Revision], older: int, newer: int, *, reader: Person) -> Comparison:
    """The word diff between two revisions, given by number; numbers that are not there fall to the nearest end. Quotes
    of what the reader may not read are not in it."""
    older, newer = sorted((older, newer))
    first = revisions[min(max(older, 1), len(revisions)) - 1]
    second = revisions[min(max(newer, 1), len(revisions)) - 1]
    texts = [quoted.text_of(one) for one in (first, second) if quoted.may_quote(one.body)]
    quotes = quoted.quotes_in(texts, reader)
    was, became = (quotes.hide_in(quoted.text_of(one), one.body) for one in (first, second))
    return Comparison(first, second, fold(word_diff(was, became)), quotes.stamp)
