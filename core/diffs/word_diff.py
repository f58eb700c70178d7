"""A word-by-word diff of two texts, for people to read.

Two texts of maximum length take a fraction of a second: rapidfuzz aligns them with one bit for each pair of words. If
that table would be too large, the texts are first aligned in clumps of words, and then word by word inside the clumps
that differ.
"""

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, takewhile
from typing import Literal
from zlib import crc32

from rapidfuzz.distance import LCSseq

MAX_PAIRS = 2**28  # one bit each: 32 MB
WORDS_IN_A_CLUMP = 8  # on average
MAX_ISLAND = 3  # so few unchanged letters within a rewritten passage are not shown as unchanged

_SIGN = r"!-/:-@\[-^`{-~\u00a1-\u00bf\u2010-\u2027\u2030-\u205e\u3000-\u303f\uff01-\uff0f"
_LONE = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # scripts without spaces: each letter counts as a word
_WORDS = re.compile(
    rf"\n|[^\S\n]+|[{_LONE}]|[^\s{_SIGN}{_LONE}]+(?:['’][^\s{_SIGN}{_LONE}]+)*|.",
    re.DOTALL,
)

Kind = Literal["same", "removed", "added", "skipped"]
Run = tuple[int, int, int]  # unchanged words: index in the old text, index in the new text, number


@dataclass(frozen=True)
class Piece:
    """A piece of text. `skipped` is unchanged text that need not be shown."""

    kind: Kind
    text: str


@dataclass
class _Change:
    """Unchanged text, and what was removed and added after it, in parts to be joined."""

    same: str
    removed: list[str]
    added: list[str]

    def pieces(self) -> list[Piece]:
        """Returns the three pieces; some may be empty."""
        return [
            Piece("same", self.same),
            Piece("removed", "".join(self.removed)),
            Piece("added", "".join(self.added)),
        ]

    @property
    def size(self) -> int:
        """The number of changed characters, exact only if it is small."""
        return sum(map(len, self.removed[-3:])) + sum(map(len, self.added[-3:]))


def word_diff(old: str, new: str) -> list[Piece]:
    """Returns the pieces that make up `old` (same and removed) and `new` (same and added), in order."""
    changes = _join_over_islands(_changes(split_words(old), split_words(new)))
    return [piece for change in changes for piece in change.pieces() if piece.text]


def skip_unchanged(pieces: list[Piece], keep: int = 300) -> list[Piece]:
    """Turns the middle of long unchanged pieces into `skipped` ones, keeping `keep` characters near changes."""
    shortened: list[Piece] = []
    for index, piece in enumerate(pieces):
        head = keep if index > 0 else 0
        tail = keep if index < len(pieces) - 1 else 0
        start = piece.text.find(" ", head) if head else 0
        end = piece.text.rfind(" ", 0, len(piece.text) - tail) if tail else len(piece.text)
        if piece.kind != "same" or start < 0 or end - start < keep:
            shortened.append(piece)
            continue
        parts = [
            Piece("same", piece.text[:start]),
            Piece("skipped", piece.text[start:end]),
            Piece("same", piece.text[end:]),
        ]
        shortened += [part for part in parts if part.text]
    return shortened


def split_words(text: str) -> list[str]:
    """Splits the text into words, punctuation, spaces and line ends, which joined give the text again."""
    return _WORDS.findall(text)


def align(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """Returns the runs of words that both texts share, in order."""
    head = _common_length(zip(old, new, strict=False))
    tail = _common_length(zip(reversed(old[head:]), reversed(new[head:]), strict=False))
    middle = _align_middle(old[head : len(old) - tail], new[head : len(new) - tail])
    runs = [(head + at, head + there, size) for at, there, size in middle]
    return _join_runs([(0, 0, head), *runs, (len(old) - tail, len(new) - tail, tail)])


def _align_middle(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    if len(old) * len(new) <= MAX_PAIRS:
        return _longest_common(old, new)
    return _align_in_clumps(old, new)


def _longest_common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Run]:
    # rapidfuzz compares hashes, which different words may share; numbers are unique.
    numbers: dict[Hashable, int] = {}
    coded = [[numbers.setdefault(word, len(numbers)) for word in words] for words in (old, new)]
    return [
        (op.src_start, op.dest_start, op.src_end - op.src_start)
        for op in LCSseq.opcodes(*coded)
        if op.tag == "equal"
    ]


def _align_in_clumps(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    old_clumps, new_clumps = _clumps(old), _clumps(new)
    if len(old_clumps) * len(new_clumps) > MAX_PAIRS:
        return []  # every word ends a clump: not a text that anyone reads
    old_starts, new_starts = _clump_starts(old_clumps), _clump_starts(new_clumps)
    runs = [
        (old_starts[at], new_starts[there], old_starts[at + size] - old_starts[at])
        for at, there, size in _longest_common(old_clumps, new_clumps)
    ]
    budget = MAX_PAIRS
    within: list[Run] = []
    for (at, there, size), (next_at, next_there, _) in pairwise([(0, 0, 0), *runs, (len(old), len(new), 0)]):
        within.append((at, there, size))
        gap_old, gap_new = old[at + size : next_at], new[there + size : next_there]
        if gap_old and gap_new and len(gap_old) * len(gap_new) <= budget:
            budget -= len(gap_old) * len(gap_new)
            within += [(at + size + a, there + size + b, n) for a, b, n in _longest_common(gap_old, gap_new)]
    return within


def _clumps(words: Sequence[str]) -> list[Sequence[str]]:
    """Joins words into clumps. Hashes of words decide where a clump ends, so that both texts are cut alike."""
    clumps = []
    start = 0
    for position, word in enumerate(words, start=1):
        if crc32(word.encode("utf-8", "surrogatepass")) % WORDS_IN_A_CLUMP == 0:
            clumps.append(tuple(words[start:position]))
            start = position
    return [*clumps, tuple(words[start:])]


def _clump_starts(clumps: list[Sequence[str]]) -> list[int]:
    """Returns the index of the first word of each clump, and the number of words."""
    return list(accumulate((len(clump) for clump in clumps), initial=0))


def _common_length(pairs: Iterable[tuple[str, str]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _join_runs(runs: list[Run]) -> list[Run]:
    """Joins runs that follow each other without a gap."""
    joined: list[Run] = []
    for at, there, size in runs:
        if not size:
            continue
        if joined and (at, there) == (joined[-1][0] + joined[-1][2], joined[-1][1] + joined[-1][2]):
            at, there, size = (*joined[-1][:2], joined.pop()[2] + size)
        joined.append((at, there, size))
    return joined


def _changes(old: list[str], new: list[str]) -> list[_Change]:
    changes = []
    same = ""
    end_old = end_new = 0
    for at, there, size in [*align(old, new), (len(old), len(new), 0)]:
        changes.append(_Change(same, ["".join(old[end_old:at])], ["".join(new[end_new:there])]))
        same = "".join(old[at : at + size])
        end_old, end_new = at + size, there + size
    return [*changes, _Change(same, [], [])]


def _join_over_islands(changes: list[_Change]) -> list[_Change]:
    """Joins changes with only a few unchanged letters between them, as from "big dog" to "small cat"."""
    joined: list[_Change] = []
    for change in changes:
        if joined and _is_island(joined[-1], change):
            joined[-1].removed += [change.same, *change.removed]
            joined[-1].added += [change.same, *change.added]
        else:
            joined.append(change)
    return joined


def _is_island(before: _Change, after: _Change) -> bool:
    if not before.size or not after.size or "\n" in after.same:
        return False
    words = after.same.strip()
    return len(words) <= MAX_ISLAND and len(words) * 4 <= min(before.size, after.size)
