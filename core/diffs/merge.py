"""Merges two changes of the same text where they touch different places.

The merge works line by line: a line that one side left unchanged is taken from the other. If both changed the same
line, its words are merged, provided that some unchanged words lie between the changes. Changes that touch or overlap
are a conflict, since a guess could produce a text that nobody wrote.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from core.diffs.word_diff import align, split_words

# Within a line, this many unchanged words and letters separate two changes.
WORDS_BETWEEN, LETTERS_BETWEEN = 3, 8
MAX_PAIRS = (
    2**27
)  # pairs of words that one merge may compare; beyond it, a line that both changed is a conflict

YOUR_VERSION_MARKER, SAVED_VERSION_MARKER, END_MARKER = (
    _("⟦ Your version: ⟧"),
    _("⟦ Saved version: ⟧"),
    _("⟦ Keep the text you want, and delete these three markers ⟧"),
)

Lines = tuple[str, ...]


@dataclass(frozen=True)
class MergeChunk:
    """Matching lines of the three texts, and their merge."""

    base: Lines
    mine: Lines
    theirs: Lines
    merged: Lines | None  # None if both changed it

    @property
    def is_conflict(self) -> bool:
        return self.merged is None

    @property
    def marked(self) -> Lines:
        """The merged lines, or both versions between markers."""
        if self.merged is not None:
            return self.merged
        return (
            str(YOUR_VERSION_MARKER),
            *self.mine,
            str(SAVED_VERSION_MARKER),
            *self.theirs,
            str(END_MARKER),
        )


@dataclass(frozen=True)
class MergeResult:
    """The result of a merge: the stretches of the texts in order."""

    stretches: list[MergeChunk]

    @cached_property
    def conflicts(self) -> list[MergeChunk]:
        return [stretch for stretch in self.stretches if stretch.is_conflict]

    @property
    def is_clean(self) -> bool:
        return not self.conflicts

    @cached_property
    def base(self) -> str:
        """The text that both started from."""
        return "\n".join(line for stretch in self.stretches for line in stretch.base)

    @cached_property
    def text(self) -> str:
        """The merged text, with both versions of each conflict between markers."""
        return "\n".join(line for stretch in self.stretches for line in stretch.marked)


def merge(base: str, mine: str, theirs: str) -> MergeResult:
    """Merges the changes of `mine` and `theirs` to `base`."""
    budget = _Budget(MAX_PAIRS)
    stretches = []
    for lines in _align_three(*(tuple(text.split("\n")) for text in (base, mine, theirs))):
        merged = _merge_parts(*lines)
        stretches.append(MergeChunk(*lines, _merge_words(*lines, budget) if merged is None else merged))
    return MergeResult(stretches)


def has_conflict_markers(text: str) -> bool:
    """Does the text still contain the markers of a conflict, in order?"""
    lines = iter(text.split("\n"))
    return all(
        str(mark) in lines for mark in (YOUR_VERSION_MARKER, SAVED_VERSION_MARKER, END_MARKER)
    )  # `in` goes on after the last match


@dataclass
class _Budget:
    pairs: int

    def spend(self, pairs: int) -> bool:
        """Subtracts the pairs; returns False if fewer are left."""
        if pairs > self.pairs:
            return False
        self.pairs -= pairs
        return True


Parts = tuple[str, ...]  # lines of a text, or words of a line


def _align_three(base: Parts, mine: Parts, theirs: Parts) -> Iterator[tuple[Parts, Parts, Parts]]:
    """Yields in turn what is the same in all three texts and what differs. Changes that touch are yielded as one."""
    in_mine, in_theirs = _matching_indexes(base, mine), _matching_indexes(base, theirs)
    start = end = (0, 0, 0)  # start and end of the last unchanged part
    for at in range(len(base)):
        if at in in_mine and at in in_theirs:
            position = (at, in_mine[at], in_theirs[at])
            if position != end:
                yield from _slices((base, mine, theirs), start, end)
                yield from _slices((base, mine, theirs), end, position)
                start = position
            end = (position[0] + 1, position[1] + 1, position[2] + 1)
    yield from _slices((base, mine, theirs), start, end)
    yield from _slices((base, mine, theirs), end, (len(base), len(mine), len(theirs)))


def _slices(
    texts: tuple[Parts, Parts, Parts], start: tuple[int, int, int], end: tuple[int, int, int]
) -> Iterator[tuple[Parts, Parts, Parts]]:
    if start != end:
        base, mine, theirs = (text[a:b] for text, a, b in zip(texts, start, end, strict=True))
        yield base, mine, theirs


def _matching_indexes(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Maps the index of each part of `base` that is still in `other` to its index there."""
    return {at + n: there + n for at, there, size in align(base, other) for n in range(size)}


def _merge_parts(base: Parts, mine: Parts, theirs: Parts) -> Parts | None:
    """Returns the changed version if only one side changed it, or both in the same way; None for a conflict."""
    if base == theirs or mine == theirs:
        return mine
    return theirs if base == mine else None


def _merge_words(base: Lines, mine: Lines, theirs: Lines, budget: _Budget) -> Lines | None:
    """Returns the line merged word by word, or None if that is not possible."""
    if not len(base) == len(mine) == len(theirs) == 1:
        return None
    words = [tuple(split_words(lines[0])) for lines in (base, mine, theirs)]
    if not budget.spend(len(words[0]) * (len(words[1]) + len(words[2]))):
        return None
    merged_words: list[str] = []
    changed_by = ""
    between: Parts = ()
    for parts in _align_three(words[0], words[1], words[2]):
        merged = _merge_parts(*parts)
        if merged is None:
            return None
        by = _changed_by(*parts)
        if by and changed_by not in ("", by) and not _are_apart(between):
            return None
        if by:
            changed_by = by
        else:
            between = parts[0]
        merged_words += merged
    return ("".join(merged_words),)


def _changed_by(base: Parts, mine: Parts, theirs: Parts) -> str:
    """Returns "mine", "theirs", both joined, or ""."""
    return ("mine" if mine != base else "") + ("theirs" if theirs != base else "")


def _are_apart(between: Parts) -> bool:
    """Are these unchanged words enough to separate two changes?"""
    words = [part for part in between if any(letter.isalnum() for letter in part)]
    return len(words) >= WORDS_BETWEEN and sum(map(len, words)) >= LETTERS_BETWEEN
