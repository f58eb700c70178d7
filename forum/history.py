"""Every revision of a post, and what changed between any two."""

from dataclasses import dataclass

from accounts.models import Person
from forum.diffing import Piece, fold, word_diff
from forum.models import Post, Revision, TitleChange
from forum.quoted import may_quote, quotes_in, text_of
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
    quotes = quotes_in([text_of(one) for one in (first, second) if may_quote(one.body)], reader)
    was, became = (quotes.hide_in(text_of(one), one.body) for one in (first, second))
    return Comparison(first, second, fold(word_diff(was, became)), quotes.stamp)
