"""Two changes of one text, made at the same time, put together where they touch different places.

Lines are the grain: what one of the two left alone is taken from the other. Where both changed one line, its words are
tried, and count as different places only with some words between them that both left alone. What touches or meets is a
conflict and stays one: a text that nobody wrote is worse than a question.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from core.diffs.word_diff import align, split_words

# Within a line, this much that both left alone makes two places of what stands around it.
WORDS_BETWEEN, LETTERS_BETWEEN = 3, 8
MOST_PAIRS = 2**27  # pairs of words that one merge may compare; a longer line that both changed is a conflict

YOURS, THEIRS, UNTIL_HERE = (
    "⟦ Yours: ⟧",
    "⟦ Saved meanwhile: ⟧",
    "⟦ Keep what shall stand, and take these three marks out ⟧",
)

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Stretch:
    """The same place in all three texts, in lines."""

    base: Lines
    mine: Lines
    theirs: Lines
    merged: Lines | None  # None where both changed it

    @property
    def is_conflict(self) -> bool:
        return self.merged is None

    @property
    def marked(self) -> Lines:
        """What stands here, or both between marks."""
        if self.merged is not None:
            return self.merged
        return (YOURS, *self.mine, THEIRS, *self.theirs, UNTIL_HERE)


@dataclass(frozen=True)
class Merged:
    """The stretches make all three texts, and the new one."""

    stretches: list[Stretch]

    @cached_property
    def conflicts(self) -> list[Stretch]:
        return [stretch for stretch in self.stretches if stretch.is_conflict]

    @property
    def is_clean(self) -> bool:
        return not self.conflicts

    @cached_property
    def base(self) -> str:
        """What both started from."""
        return "\n".join(line for stretch in self.stretches for line in stretch.base)

    @cached_property
    def text(self) -> str:
        """Both changes in one text; what met stands there twice, between marks."""
        return "\n".join(line for stretch in self.stretches for line in stretch.marked)


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Apply to `base` what changed in `mine` and what changed in `theirs`."""
    budget = _Budget(MOST_PAIRS)
    stretches = []
    for lines in _cut(*(tuple(text.split("\n")) for text in (base, mine, theirs))):
        merged = _merged(*lines)
        stretches.append(Stretch(*lines, _woven(*lines, budget) if merged is None else merged))
    return Merged(stretches)


def has_marks(text: str) -> bool:
    """Does a place still wait to be decided in this text?"""
    lines = iter(text.split("\n"))
    return all(mark in lines for mark in (YOURS, THEIRS, UNTIL_HERE))  # each behind the one before


@dataclass
class _Budget:
    pairs: int

    def spend(self, pairs: int) -> bool:
        """False where that is more than there is."""
        if pairs > self.pairs:
            return False
        self.pairs -= pairs
        return True


Parts = tuple[str, ...]  # lines of a text, or words of a line


def _cut(base: Parts, mine: Parts, theirs: Parts) -> Iterator[tuple[Parts, Parts, Parts]]:
    """In turn what is the same in all three and what is not. Between two changes stands at least one part that both
    left alone; changes that touch are one."""
    in_mine, in_theirs = _places(base, mine), _places(base, theirs)
    begun = done = (0, 0, 0)  # of what is the same
    for at in range(len(base)):
        if at in in_mine and at in in_theirs:
            place = (at, in_mine[at], in_theirs[at])
            if place != done:
                yield from _between((base, mine, theirs), begun, done)
                yield from _between((base, mine, theirs), done, place)
                begun = place
            done = (place[0] + 1, place[1] + 1, place[2] + 1)
    yield from _between((base, mine, theirs), begun, done)
    yield from _between((base, mine, theirs), done, (len(base), len(mine), len(theirs)))


def _between(
    texts: tuple[Parts, Parts, Parts], start: tuple[int, int, int], end: tuple[int, int, int]
) -> Iterator[tuple[Parts, Parts, Parts]]:
    if start != end:
        base, mine, theirs = (text[a:b] for text, a, b in zip(texts, start, end, strict=True))
        yield base, mine, theirs


def _places(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Where in `other` each part of `base` stands that is still there."""
    return {at + n: there + n for at, there, size in align(base, other) for n in range(size)}


def _merged(base: Parts, mine: Parts, theirs: Parts) -> Parts | None:
    """What one of the two wrote where the other wrote nothing, or the same."""
    if base == theirs or mine == theirs:
        return mine
    return theirs if base == mine else None


def _woven(base: Lines, mine: Lines, theirs: Lines, budget: _Budget) -> Lines | None:
    """The two merged word by word, if it is one line that both changed in different places."""
    if not len(base) == len(mine) == len(theirs) == 1:
        return None
    words = [tuple(split_words(lines[0])) for lines in (base, mine, theirs)]
    if not budget.spend(len(words[0]) * (len(words[1]) + len(words[2]))):
        return None
    woven: list[str] = []
    changed_by = ""
    between: Parts = ()
    for parts in _cut(words[0], words[1], words[2]):
        merged = _merged(*parts)
        if merged is None:
            return None
        by = _who_changed(*parts)
        if by and changed_by not in ("", by) and not _are_apart(between):
            return None
        if by:
            changed_by = by
        else:
            between = parts[0]
        woven += merged
    return ("".join(woven),)


def _who_changed(base: Parts, mine: Parts, theirs: Parts) -> str:
    """Nothing where nobody did."""
    return ("mine" if mine != base else "") + ("theirs" if theirs != base else "")


def _are_apart(between: Parts) -> bool:
    """Are these words enough to make two places of what stands around them?"""
    words = [part for part in between if any(letter.isalnum() for letter in part)]
    return len(words) >= WORDS_BETWEEN and sum(map(len, words)) >= LETTERS_BETWEEN
