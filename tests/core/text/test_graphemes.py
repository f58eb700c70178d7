"""A grapheme is never cut in two."""

import pytest

from core.text.graphemes import first_grapheme, is_boundary, truncate, truncate_with_ellipsis

# Each is one grapheme.
GRAPHEMES = [
    "a",
    "e\u0301",
    "e\u0323\u0302",
    "🇩🇪",
    "👍🏽",
    "👨‍👩‍👧‍👦",
    "🏳️‍🌈",
    "👩🏽‍🚒",
    "❤️",
    "1️⃣",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "한",
    "\u1112\u1161\u11ab",
    "\uac00\u11a8",
    "क्षि",
    "कि",
    "น้ำ",
    "กำ",
    "நி",
    "แ",
    "ｶﾞ",
    "\u06005",
    "\r\n",
]


@pytest.mark.parametrize("letter", GRAPHEMES)
def test_grapheme_has_no_inner_boundary(letter: str):
    text = f"x{letter}x"
    assert [at for at in range(1, len(text)) if is_boundary(text, at)] == [1, len(letter) + 1]
    assert first_grapheme(letter + "x") == letter


@pytest.mark.parametrize("letter", GRAPHEMES)
@pytest.mark.parametrize("max_length", range(20, 45))
def test_truncation_never_splits_a_grapheme(letter: str, max_length: int):
    text = letter * 50
    truncated = truncate(text, max_length)
    assert len(truncated) <= max_length
    assert len(truncated) > max_length - len(letter)
    assert truncated == letter * (len(truncated) // len(letter))


def test_two_equal_graphemes_have_a_boundary():
    for letter in GRAPHEMES:
        assert is_boundary(letter * 2, len(letter)), letter


def test_flags_are_paired_from_the_start():
    flags = "🇩🇪🇫🇷" * 100
    assert truncate(flags, 7) == "🇩🇪🇫🇷🇩🇪"
    assert truncate("a" + flags, 7) == "a🇩🇪🇫🇷🇩🇪"


def test_overlong_single_grapheme_is_cut_at_the_limit():
    assert truncate("a" + "\u0301" * 30, 10) == "a" + "\u0301" * 9


def test_ellipsis_marks_truncated_text():
    assert truncate_with_ellipsis("short", 5) == "short"
    assert truncate_with_ellipsis("👨‍👩‍👧‍👦" * 3, 10) == "👨‍👩‍👧‍👦…"
    assert truncate_with_ellipsis("two words", 5) == "two…"
