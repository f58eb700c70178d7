"""Two changes of a post that meet: what the writer is shown of them, and the texts they may go on from."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from accounts.models import User
from core.diffs.merge import Merged, merge
from core.diffs.word_diff import Piece, fold, word_diff
from forum.access.errors import EditConflict
from forum.composer.forms import EditForm
from forum.quotes.display import text_of
from forum.quotes.placeholders import Veils

MOST_SHOWN = 20  # meetings; all of them are marked in the text


@dataclass(frozen=True)
class Meeting:
    """One place that both changed, each as a change of what stood there."""

    follows: str  # the line before it
    yours: list[Piece]
    theirs: list[Piece]


@dataclass(frozen=True)
class Choice:
    meetings: list[Meeting]
    more: int  # meetings that are not shown
    between: list[Piece]  # from what stands to the writer's text, where no places can be shown
    standing: str  # what the post says now
    together: EditForm | None  # both changes in one text, the places where they meet marked
    yours: EditForm

    @property
    def places(self) -> int:
        return len(self.meetings) + self.more


def choice_between(form: EditForm, conflict: EditConflict, *, started_from: int, by: User) -> Choice:
    """`form` holds the writer's text, already for what stands now. Of quotes that the writer may not read nothing is
    in what they are shown."""
    veils, yours = Veils(by), form.cleaned_data["body"]
    lifted = veils.lifted(conflict.post, yours)  # what stands for a quote there stands for it in all
    standing = veils.over(text_of(conflict.post), conflict.post.body)
    merged = conflict.merged
    if merged:
        base = veils.over((conflict.post.pk, started_from), merged.base)
        if (base, yours, standing) != (merged.base, lifted, conflict.post.body):
            merged = merge(base, yours, standing)
    if merged is None or merged.is_clean:  # then it would be too long, or empty
        between = fold(word_diff(standing, yours))
        together = None if merged is None else _with_text(form, merged.text)
        return Choice([], 0, between, standing, together, form)
    meetings = list(islice(_meetings(merged), MOST_SHOWN))
    more = len(merged.conflicts) - len(meetings)
    return Choice(meetings, more, [], standing, _with_text(form, merged.text), form)


def _meetings(merged: Merged) -> Iterator[Meeting]:
    follows = ""
    for stretch in merged.stretches:
        if stretch.is_conflict:
            base, mine, theirs = ("\n".join(lines) for lines in (stretch.base, stretch.mine, stretch.theirs))
            yield Meeting(follows, fold(word_diff(base, mine)), fold(word_diff(base, theirs)))
        follows = next((line for line in reversed(stretch.base) if line.strip()), follows)


def _with_text(form: EditForm, text: str) -> EditForm:
    """A form for another text, with ids of its own, since both stand on one page; nothing is wrong with it yet."""
    return type(form)(
        initial={**form.data, "body": text},
        auto_id="together_%s",
        reason_required=form.fields["reason"].required,
    )
