"""An edit conflict: the overlapping changes, and the texts that the editor can continue with."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from accounts.models import User
from core.diffs.merge import MergeResult, merge
from core.diffs.word_diff import Piece, skip_unchanged, word_diff
from forum.access.errors import EditConflict
from forum.composer.forms import EditForm
from forum.quotes.display import revision_key
from forum.quotes.edit_placeholders import QuotePlaceholders

MAX_SHOWN = 20  # conflicts; all of them are marked in the text


@dataclass(frozen=True)
class Overlap:
    """A place that both edits changed, each as a diff to the common base."""

    preceding_line: str  # the line before it
    yours: list[Piece]
    theirs: list[Piece]


@dataclass(frozen=True)
class Choice:
    overlaps: list[Overlap]
    more: int  # conflicts that are not shown
    between: list[Piece]  # diff from the current text to the editor's, if no conflicts can be shown
    current: str  # the text of the post
    together: EditForm | None  # both changes in one text, with conflict markers
    yours: EditForm

    @property
    def overlap_count(self) -> int:
        return len(self.overlaps) + self.more


def build_choice(form: EditForm, conflict: EditConflict, *, started_from: int, by: User) -> Choice:
    """Returns what the editor can choose from. `form` has their text, based on the current revision. Quotes that they
    may not read are left out."""
    placeholders, yours = QuotePlaceholders(by), form.cleaned_data["body"]
    source_text = placeholders.restore(conflict.post, yours)  # the same placeholders are used in all texts
    current = placeholders.insert(revision_key(conflict.post), conflict.post.body)
    merged = conflict.merged
    if merged:
        base = placeholders.insert((conflict.post.pk, started_from), merged.base)
        if (base, yours, current) != (merged.base, source_text, conflict.post.body):
            merged = merge(base, yours, current)
    if merged is None or merged.is_clean:  # a clean merge is only too long or empty
        between = skip_unchanged(word_diff(current, yours))
        together = None if merged is None else _with_text(form, merged.text)
        return Choice([], 0, between, current, together, form)
    overlaps = list(islice(_overlaps(merged), MAX_SHOWN))
    more = len(merged.conflicts) - len(overlaps)
    return Choice(overlaps, more, [], current, _with_text(form, merged.text), form)


def _overlaps(merged: MergeResult) -> Iterator[Overlap]:
    preceding_line = ""
    for stretch in merged.stretches:
        if stretch.is_conflict:
            base, mine, theirs = ("\n".join(lines) for lines in (stretch.base, stretch.mine, stretch.theirs))
            yield Overlap(
                preceding_line, skip_unchanged(word_diff(base, mine)), skip_unchanged(word_diff(base, theirs))
            )
        preceding_line = next((line for line in reversed(stretch.base) if line.strip()), preceding_line)


def _with_text(form: EditForm, text: str) -> EditForm:
    """Returns a form for another text, without errors, and with its own ids since both are on one page."""
    return type(form)(
        initial={**form.data, "body": text},
        auto_id="together_%s",
        reason_required=form.fields["reason"].required,
    )
