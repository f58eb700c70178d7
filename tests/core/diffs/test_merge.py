"""Three texts are merged where they changed in different places; nothing of either change is lost or made up."""

import random
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import assume, example, given, settings, strategies as st

from core.diffs import merge as diffs_merge
from core.diffs.merge import (
    END_MARKER,
    MAX_PAIRS,
    SAVED_VERSION_MARKER,
    YOUR_VERSION_MARKER,
    has_conflict_markers,
    merge,
)
from tests.core.diffs.test_word_diff import FULL, HAN, HARD_PAIRS, LETTERS, MAX_SECONDS, PROSE
from tests.support.costs import seconds

RECIPE = "Flour\n\nTwo eggs, well beaten, and a cup of milk.\n\nSalt"


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("a\nb\nc", "b\nc", "a\nb", "b"),
        ("a\nb", "new\na\nb", "a\nb\nmore", "new\na\nb\nmore"),
        ("a\n\nb", "a one\n\nb", "a\n\nb two", "a one\n\nb two"),
        ("a\nb", "a\nc", "a\nc", "a\nc"),
        (RECIPE, RECIPE.replace("Two", "Three"), RECIPE.replace("milk", "cream"),
         RECIPE.replace("Two", "Three").replace("milk", "cream")),
        ("我们今天下午在这里维护服务器", "我们明天下午在这里维护服务器", "我们今天下午在这里维护数据库",
         "我们明天下午在这里维护数据库"),
        ("same", "same", "same", "same"),
    ],
)  # fmt: skip
def test_changes_in_different_places_are_merged(base: str, mine: str, theirs: str, expected: str):
    merged = merge(base, mine, theirs)
    assert merged.is_clean
    assert merged.text == expected


@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        ("a\nb", "a\nmine\nb", "a\ntheirs\nb"),  # both insert at the same place
        ("a", "a\nmine", "a\ntheirs"),
        ("", "mine", "theirs"),
        ("a\nb", "A\nb", "a\nB"),  # lines that touch
        ("a\nb\nc", "a\nc", "a\nB\nc"),  # one removed what the other changed
        ("a\nb", "a\nmine\nb", "a\nB"),  # one inserted next to what the other changed
        ("Monday at five", "Tuesday at five", "Monday at six"),  # within one line
        ("We meet on Monday", "We meet on Tuesday", "We meet on Friday"),
        ("one two three four five", "a new sentence altogether, of one and five", "one two three four six"),
        ("a\nb", "x\ny\nz", "a\nc"),
    ],
)
def test_overlapping_changes_conflict_and_both_are_shown(base: str, mine: str, theirs: str):
    merged = merge(base, mine, theirs)
    assert not merged.is_clean
    assert has_conflict_markers(merged.text)
    assert_no_line_is_lost(merged, mine, theirs)


def test_conflict_is_shown_between_markers_and_the_rest_merged():
    merged = merge("a\n\nb\n\nc", "a\n\nmine\n\nc", "A\n\ntheirs\n\nc")
    assert (
        merged.text == f"A\n\n{YOUR_VERSION_MARKER}\nmine\n{SAVED_VERSION_MARKER}\ntheirs\n{END_MARKER}\n\nc"
    )
    assert has_conflict_markers(merged.text)
    assert not has_conflict_markers(merged.text.replace(str(END_MARKER), ""))
    assert not has_conflict_markers(f"{YOUR_VERSION_MARKER} is how a place is marked")
    assert not has_conflict_markers(f"{END_MARKER}\n{SAVED_VERSION_MARKER}\n{YOUR_VERSION_MARKER}")


def test_conflict_markers_are_searched_in_linear_time():
    text = f"{YOUR_VERSION_MARKER}\n{SAVED_VERSION_MARKER}\n" * 1_000
    assert not has_conflict_markers(text)
    assert seconds(partial(has_conflict_markers, text), times=3) < MAX_SECONDS / 10


def assert_no_line_is_lost(merged: diffs_merge.MergeResult, mine: str, theirs: str) -> None:
    """Every line that one of the two wrote and that the base did not have is in the text, or in a line with words of
    both."""
    shown = merged.text.split("\n")
    by_words = [
        s for s in merged.stretches if s.merged and s.base not in (s.mine, s.theirs) and s.mine != s.theirs
    ]
    woven = {line for s in by_words for line in (*s.mine, *s.theirs)}
    base = {line for s in merged.stretches for line in s.base}
    for line in {*mine.split("\n"), *theirs.split("\n")} - base - woven:
        assert line in shown


NUMBERS = ["one", "two", "three", "four", "five", "six", "seven"]
lines = st.lists(st.sampled_from(["a", "b", "c", "", "the same old words again"]), max_size=8).map("\n".join)
sentences = st.lists(st.sampled_from(NUMBERS), max_size=14).map(" ".join)
texts = lines | sentences | st.text("ab \n.字", max_size=60) | st.text(max_size=60)


@st.composite
def related_texts(draw) -> tuple[str, str, str]:
    """Returns three texts that have something in common."""
    kind = draw(st.sampled_from([lines, sentences, texts]))
    return draw(kind), draw(kind), draw(kind)


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(related_texts())
@example(("\0a\0", "\0\0a", "a"))
@example(("\ud800 a", "a \udfff", ""))
def test_stretches_reproduce_all_three_texts_exactly(three: tuple[str, str, str]):
    base, mine, theirs = three
    merged = merge(base, mine, theirs)
    for side in ("base", "mine", "theirs"):
        assert "\n".join(line for s in merged.stretches for line in getattr(s, side)) == locals()[side]
    for s in merged.stretches:
        if s.merged is None:
            assert s.base != s.mine != s.theirs != s.base
        elif s.mine == s.theirs or s.base == s.theirs:
            assert s.merged == s.mine
        elif s.base == s.mine:
            assert s.merged == s.theirs
        else:
            assert len(s.base) == len(s.mine) == len(s.theirs) == len(s.merged) == 1
    assert_no_line_is_lost(merged, mine, theirs)


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(related_texts())
def test_merge_is_symmetric(three: tuple[str, str, str]):
    base, mine, theirs = three
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert one.is_clean == other.is_clean
    assert [(s.base, s.mine, s.theirs, s.merged) for s in one.stretches] == [
        (s.base, s.theirs, s.mine, s.merged) for s in other.stretches
    ]


@pytest.mark.slow
@settings(deadline=None, max_examples=100)
@given(texts, texts)
def test_single_or_identical_change_is_merged_without_conflict(base: str, changed: str):
    for three in ((base, changed, base), (base, base, changed), (base, changed, changed)):
        merged = merge(*three)
        assert merged.is_clean
        assert merged.text == changed


@st.composite
def disjoint_changes(draw) -> tuple[list[str], dict[int, list[str]], dict[int, list[str]]]:
    """Returns a text whose lines all differ, and two sets of changes; between any two of different sides is a line
    that neither changes."""
    base = [f"line {n} as it was" for n in range(draw(st.integers(1, 14)))]
    changes: tuple[dict[int, list[str]], ...] = ({}, {})
    last = (-2, 0)
    for place in range(len(base)):
        side = draw(st.sampled_from([None, None, 0, 1]))
        if side is None or (place - last[0] == 1 and side != last[1]):
            continue
        changes[side][place] = draw(
            st.lists(st.sampled_from([f"new {side}.{place}.{n}" for n in (1, 2, 3)]), max_size=3)
        )
        last = (place, side)
    return base, changes[0], changes[1]


def apply_changes(base: list[str], changes: dict[int, list[str]]) -> str:
    return "\n".join(part for n, line in enumerate(base) for part in changes.get(n, [line]))


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(disjoint_changes())
def test_changes_to_different_lines_are_both_applied_exactly(made):
    base, mine, theirs = made
    merged = merge("\n".join(base), apply_changes(base, mine), apply_changes(base, theirs))
    assert merged.is_clean
    assert merged.text == apply_changes(base, mine | theirs)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 19), st.integers(0, 19))
def test_two_word_changes_in_one_line_merge_only_if_far_apart(one: int, other: int):
    words = [f"word{n}" for n in range(20)]
    mine, theirs, both = list(words), list(words), list(words)
    mine[one] = both[one] = "mine"
    theirs[other] = both[other] = "theirs"
    merged = merge(*(" ".join(text) for text in (words, mine, theirs)))
    assert merged.is_clean is (abs(one - other) > diffs_merge.WORDS_BETWEEN)
    if merged.is_clean:
        assert merged.text == " ".join(both)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from("abc"), max_size=6), st.integers(0, 6), st.data())
def test_lines_inserted_at_the_same_place_conflict(base: list[str], place: int, data):
    place = min(place, len(base))
    mine, theirs = ("\n".join([*base[:place], new, *base[place:]]) for new in ("mine", "theirs"))
    assume(base)
    assert not merge("\n".join(base), mine, theirs).is_clean


# --- Cost ---


def _random_text(seed: int, alphabet: str, length: int = FULL) -> str:
    return "".join(random.Random(seed).choices(alphabet, k=length))


def _random_lines(seed: int, alphabet: str, length: int) -> str:
    return "\n".join(_random_text(seed * 40_000 + n, alphabet, length) for n in range(FULL // (length + 1)))


def _with_new_words(seed: int, share: float, between: str = " ") -> str:
    chance = random.Random(seed)
    return between.join(word if chance.random() > share else "new" for word in PROSE.split())


LONGEST = int((MAX_PAIRS / 2) ** 0.5)  # letters in the longest line whose words are compared, each one a word
TEXT_TRIPLES: dict[str, Callable[[], tuple[str, str, str]]] = {  # made when they are needed
    **{f"{name}, and back": partial(lambda old, new: (old, new, old[::-1]), *two) for name, two in HARD_PAIRS.items()},
    **{
        f"{name}, shuffled": partial(lambda old, new: (new, old, old[::2] + old[1::2]), *two)
        for name, two in HARD_PAIRS.items()
    },
    "line ends anywhere": lambda: tuple(_random_text(n, "a\n") for n in (1, 2, 3)),
    "line ends or two letters": lambda: tuple(_random_text(n, "ab\n") for n in (1, 2, 3)),
    **{
        f"lines of {n} of two letters": lambda n=n: tuple(_random_lines(k, "ab", n) for k in (1, 2, 3))
        for n in (1, 2, 3, 8)
    },
    **{
        f"lines of {n} letters": lambda n=n: tuple(_random_lines(k, LETTERS, n) for k in (1, 2, 80))
        for n in (1, 2, 3, 80)
    },
    "distinct lines": lambda: tuple("\n".join(random.Random(n).sample(HAN, FULL // 2)) for n in (1, 2, 3)),
    "one line, few new words": lambda: (PROSE, _with_new_words(1, 0.01), _with_new_words(2, 0.01)),
    "one line, many new words": lambda: (PROSE, _with_new_words(1, 0.3), _with_new_words(2, 0.3)),
    "one word a line": lambda: (PROSE.replace(" ", "\n"), *(_with_new_words(n, 0.1, "\n") for n in (1, 2))),
    "the longest line of words": lambda: tuple(_random_text(n, "!?.,;", LONGEST) for n in (1, 2, 3)),
    "and in Han": lambda: tuple(HAN[n::3][:LONGEST] for n in (0, 1, 2)),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXT_TRIPLES)
def test_merging_full_length_texts_is_fast(name: str):
    base, mine, theirs = TEXT_TRIPLES[name]()
    assert max(map(len, (base, mine, theirs))) <= FULL
    merged = merge(base, mine, theirs)
    assert len(merged.stretches) > 0
    took = seconds(partial(merge, base, mine, theirs), times=2)
    print(f"{took * 1000:.0f} ms, {len(merged.stretches)} stretches")
    assert took <= MAX_SECONDS


def test_line_too_long_for_word_comparison_is_a_conflict(monkeypatch):
    texts = ("one two three four five six", "1 two three four five six", "one two three four five 6")
    assert merge(*texts).is_clean
    monkeypatch.setattr(diffs_merge, "MAX_PAIRS", 100)
    assert not merge(*texts).is_clean
