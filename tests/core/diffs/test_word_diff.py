"""The differences between two texts, and how long they take to compute."""

import random
import tracemalloc
from functools import partial

import pytest
from hypothesis import example, given, settings, strategies as st

from core.diffs import word_diff as diffs_word_diff
from core.diffs.word_diff import Piece, align, skip_unchanged, split_words, word_diff
from tests.support.costs import seconds

FULL = 32_000
MAX_SECONDS = 0.2


def formatted_diff(old: str, new: str) -> str:
    """Returns a diff in one line: `[removed>added]`."""
    line = ""
    for piece in word_diff(old, new):
        line += {"same": "{}", "removed": "[-{}]", "added": "[+{}]"}[piece.kind].format(piece.text)
    return line


def sides(pieces: list[Piece]) -> tuple[str, str]:
    old = "".join(piece.text for piece in pieces if piece.kind != "added")
    new = "".join(piece.text for piece in pieces if piece.kind != "removed")
    return old, new


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("same words", "same words", "same words"),
        ("", "new", "[+new]"),
        ("old", "", "[-old]"),
        ("it is colour here", "it is color here", "it is [-colour][+color] here"),
        ("one changed word.", "one changes word.", "one [-changed][+changes] word."),
        ("don't do it", "didn't do it", "[-don't][+didn't] do it"),
        ("the big dog ran", "the small cat ran", "the [-big dog][+small cat] ran"),
        ("see, the end", "see the end", "see[-,] the end"),
        ("a b c d", "a c d", "a [-b ]c d"),
        ("first\nsecond", "first\nnew\nsecond", "first\n[+new\n]second"),
        ("snake_case = 1", "snake_cases = 1", "[-snake_case][+snake_cases] = 1"),
        ("我们今天维护服务器", "我们明天维护服务器", "我们[-今][+明]天维护服务器"),
        ("नमस्ते दुनिया", "नमस्कार दुनिया", "[-नमस्ते][+नमस्कार] दुनिया"),
        ("👩\u200d🚀 flies", "👨\u200d🚀 flies", "[-👩\u200d🚀][+👨\u200d🚀] flies"),
        ("5.5 s", "5.6 s", "5.[-5][+6] s"),
    ],
)
def test_diff_groups_changes_by_words(old: str, new: str, expected: str):
    assert formatted_diff(old, new) == expected


def test_short_word_between_changes_is_part_of_the_change():
    assert formatted_diff("Montgomery or Birmingham", "Manchester or Nottingham") == (
        "[-Montgomery or Birmingham][+Manchester or Nottingham]"
    )
    assert formatted_diff("we lost it all, and views too", "we lost most, and views also") == (
        "we lost [-it all][+most], and views [-too][+also]"
    )


texts = st.text(max_size=200) | st.text("ab \n.字", max_size=200)


@pytest.mark.slow
@settings(deadline=None)
@given(texts, texts)
@example("\0a\0", "\0\0a")
@example("\ud800 a", "a \udfff")
def test_pieces_reproduce_both_texts_exactly(old: str, new: str):
    pieces = word_diff(old, new)
    assert sides(pieces) == (old, new)
    assert all(piece.text for piece in pieces)
    assert all(one.kind != next_.kind for one, next_ in zip(pieces, pieces[1:], strict=False))


@settings(deadline=None)
@given(texts, texts)
def test_pieces_reproduce_both_texts_over_the_pair_limit(old: str, new: str):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diffs_word_diff, "MAX_PAIRS", 40)
        assert sides(word_diff(old, new)) == (old, new)


@settings(deadline=None)
@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_alignment_is_ordered_and_matches_equal_items(old: list[str], new: list[str]):
    done_old = done_new = 0
    for at, there, size in align(old, new):
        assert at >= done_old
        assert there >= done_new
        assert size > 0
        assert old[at : at + size] == new[there : there + size]
        done_old, done_new = at + size, there + size


@settings(deadline=None)
@given(texts)
def test_split_words_join_to_the_original_text(text: str):
    assert "".join(split_words(text)) == text


def _random_words(seed: int, count: int, alphabet: str, length: int) -> list[str]:
    chance = random.Random(seed)
    return ["".join(chance.choices(alphabet, k=length)) for _ in range(count)]


LETTERS = "abcdefghijklmnopqrstuvwxyz"
PROSE = " ".join(random.Random(1).choices(_random_words(2, 3_000, LETTERS, 6), k=FULL // 7))
HAN = "".join(map(chr, random.Random(3).choices(range(0x4E00, 0x9000), k=FULL)))
HARD_PAIRS = {
    "prose, every tenth word": (PROSE, " ".join(w if n % 10 else "new" for n, w in enumerate(PROSE.split()))),
    "prose, other prose": (PROSE, " ".join(random.Random(4).sample(PROSE.split(), FULL // 7))),
    "all words distinct": (" ".join(map(str, range(6_000))), " ".join(map(str, range(6_000, 12_000)))),
    "words of one letter": tuple(" ".join(random.Random(n).choices(LETTERS, k=FULL // 2)) for n in (5, 6)),
    "two letters": tuple("".join(random.Random(n).choices("a ", k=FULL)) for n in (7, 8)),
    "signs": tuple("".join(random.Random(n).choices("!?.,;", k=FULL)) for n in (9, 10)),
    "one sign, another": ("!" * FULL, "?" * FULL),
    "one sign, but two": ("!" * FULL, "?" + "!" * (FULL - 2) + "?"),
    "line ends": ("\n" * FULL, "a\n" * (FULL // 2)),
    "periods of 2 and 3": (".," * (FULL // 2), ".,;" * (FULL // 3)),
    "Han, other Han": (HAN, HAN[::-1]),
    "Han, distinct": (
        "".join(map(chr, range(0x3400, 0x9FFF)))[:FULL],
        "".join(map(chr, range(0x9FFE, 0x33FF, -1))),
    ),
    "Han, four edits": (HAN, f"字{HAN[:9_000]}字{HAN[9_001:20_000]}{HAN[20_100:]}字"),
    "one long word": ("a" * FULL, "b" * FULL),
    "nothing, all": ("", PROSE),
    "emoji": tuple("".join(random.Random(n).choices("😀 😁 ", k=FULL)) for n in (11, 12)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HARD_PAIRS)
def test_hardest_full_length_texts_are_compared_fast(name: str):
    old, new = HARD_PAIRS[name]
    assert max(len(old), len(new)) <= FULL
    pieces = word_diff(old, new)
    took = seconds(partial(word_diff, old, new), times=3)
    print(f"{took * 1000:.0f} ms, {len(pieces)} pieces")
    assert sides(pieces) == (old, new)
    assert took <= MAX_SECONDS


def test_few_changes_in_very_long_text_are_found_exactly():
    old, new = HARD_PAIRS["Han, four edits"]
    changed = sum(len(piece.text) for piece in word_diff(old, new) if piece.kind != "same")
    assert changed == 1 + 2 + 100 + 1


def test_pair_table_needs_at_most_64_mb():
    assert diffs_word_diff.MAX_PAIRS / 8 <= 64e6


@pytest.mark.slow
def test_diff_needs_less_than_64_mb_of_python_memory():
    tracemalloc.start()
    word_diff(*HARD_PAIRS["signs"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64e6


def test_long_unchanged_stretches_are_skipped():
    head, middle, tail = "a " * 400, "b " * 400, "c " * 400
    pieces = word_diff(f"{head}old {middle}old {tail}", f"{head}new {middle}new {tail}")
    folded = skip_unchanged(pieces, keep=50)
    assert "".join(piece.text for piece in folded) == "".join(piece.text for piece in pieces)
    assert [piece.kind for piece in folded] == [
        *(
            "skipped",
            "same",
            "removed",
            "added",
            "same",
            "skipped",
            "same",
            "removed",
            "added",
            "same",
            "skipped",
        )
    ]
    assert all(len(piece.text) <= 52 for piece in folded if piece.kind == "same")


def test_short_unchanged_text_is_not_skipped():
    pieces = word_diff("one two three", "one four three")
    assert skip_unchanged(pieces) == pieces
