"""The revisions of a post that a reader may see, and the changes between any two.

Nothing of a hidden revision leaves this file for people who may not read it: no text, no reason and no diff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import Person, User
from core.diffs.word_diff import Piece, skip_unchanged, word_diff
from forum.access import permissions
from forum.models import HiddenRevision, Post, Revision, TitleChange
from forum.quotes.display import RevisionKey, might_have_quotes, quotes_in, revision_key
from forum.web.page_versions import Dependencies


@dataclass(frozen=True)
class ShownRevision:
    """A revision as one reader sees it. One that is hidden from them has only its author and time."""

    _row: Revision
    hidden: HiddenRevision | None = None
    is_readable: bool = True

    @property
    def number(self) -> int:
        return self._row.number

    @property
    def written_by(self) -> User:
        return self._row.written_by

    @property
    def written_at(self) -> datetime:
        return self._row.written_at

    @property
    def marks(self) -> Mapping[str, Any]:
        """Only the marks: the row has the text and the reason too."""
        return {**self._row.edit_marks, "has_more_replies": self._row.has_more_replies}

    @property
    def reason(self) -> str:
        return self._row.reason if self.is_readable else ""

    @property
    def body(self) -> str:
        return self._row.body if self.is_readable else ""

    @property
    def key(self) -> RevisionKey:
        return revision_key(self._row)


@dataclass(frozen=True)
class Comparison:
    older: ShownRevision
    newer: ShownRevision
    pieces: list[Piece]
    dependencies: Dependencies  # of the topics of the posts that they quote

    @property
    def numbers(self) -> tuple[int, int]:
        return self.older.number, self.newer.number

    @property
    def is_shown(self) -> bool:
        return not self.hidden

    @property
    def hidden(self) -> list[ShownRevision]:
        """Those of the two that this reader may not see."""
        by_number = {
            revision.number: revision for revision in (self.older, self.newer) if not revision.is_readable
        }
        return list(by_number.values())


def revisions_of(post: Post, *, to: Person) -> list[ShownRevision]:
    """Returns the revisions, oldest first; the last one is current."""
    # Only two are compared: the texts of the others are not loaded.
    earlier = list(post.revisions.select_related("written_by").defer("html", "body").order_by("number"))
    hidden = {row.number: row for row in hidden_in(post)} if earlier else {}
    may_read = not hidden or permissions.can_read_hidden_revision(to, post)
    shown = [
        ShownRevision(row, hidden.get(row.number), may_read or row.number not in hidden) for row in earlier
    ]
    return [*shown, ShownRevision(Revision.current(post))]


def revision_text(post: Post, number: int, *, to: Person) -> str | None:
    """Returns the text of a revision for people who may read the history or edit the post; None if there is no such
    revision for this person."""
    if not (permissions.can_read_history(to, post) or permissions.can_edit(to, post)):
        return None
    if number == post.version:
        return post.body
    if is_hidden(post, number) and not permissions.can_read_hidden_revision(to, post):
        return None
    return post.revisions.filter(number=number).values_list("body", flat=True).first()


def hidden_in(post: Post) -> QuerySet[HiddenRevision]:
    return HiddenRevision.objects.filter(post=post).select_related("hidden_by")


def is_hidden(post: Post, number: int) -> bool:
    return hidden_in(post).filter(number=number).exists()


def authors_between(post: Post, older: int, newer: int) -> list[User]:
    """Returns the authors of the revisions between these two, each once, in the order of their last revision."""
    between = post.revisions.filter(number__gt=older, number__lt=newer).select_related("written_by")
    latest = {
        revision.written_by_id: revision for revision in between.defer("body", "html").order_by("number")
    }
    return [revision.written_by for revision in sorted(latest.values(), key=lambda revision: revision.number)]


def title_changes_of(post: Post) -> list[TitleChange]:
    """Returns the title changes of the topic, if this is its original post."""
    if not post.is_original:
        return []
    return list(post.topic.title_changes.select_related("changed_by").order_by("number"))


def latest_change(revisions: list[ShownRevision]) -> tuple[int, int]:
    """Returns the numbers of the last readable revision before the current one, and of the current one."""
    *earlier, newest = revisions
    before = next((revision.number for revision in reversed(earlier) if revision.is_readable), 0)
    return before or newest.number - 1, newest.number


def compare(revisions: list[ShownRevision], older: int, newer: int, *, reader: Person) -> Comparison:
    """Returns the word diff between two revisions, given by number; a number out of range means the nearest end. Quotes
    that the reader may not read are left out. If one of the two is hidden, the diff is empty."""
    older, newer = sorted((older, newer))
    first = revisions[min(max(older, 1), len(revisions)) - 1]
    second = revisions[min(max(newer, 1), len(revisions)) - 1]
    if not (first.is_readable and second.is_readable):
        return Comparison(first, second, [], {})
    keys = [revision.key for revision in (first, second) if might_have_quotes(revision.body)]
    quotes = quotes_in(keys, reader)
    old_text, new_text = (quotes.hide_in(revision.key, revision.body) for revision in (first, second))
    return Comparison(first, second, skip_unchanged(word_diff(old_text, new_text)), quotes.dependencies)
