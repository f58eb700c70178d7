"""A grapheme is never cut in two."""

import pytest

from core.text.graphemes import first_grapheme, is_boundary, truncate, truncate_with_ellipsis

# Each is one grapheme.
LETTERS = [
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


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_one(letter: str):
    text = f"x{letter}x" if not letter.startswith("\uac00") else f"x{letter}x"
    assert [at for at in range(1, len(text)) if is_boundary(text, at)] == [1, len(letter) + 1]
    assert first_grapheme(letter + "x") == letter


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("most", range(20, 45))
def test_cuts_stand_between(letter: str, most: int):
    text = letter * 50
    kept = truncate(text, most)
    assert len(kept) <= most
    assert len(kept) > most - len(letter)
    assert kept == letter * (len(kept) // len(letter))


def test_two_letters_of_one_kind_are_two():
    for letter in LETTERS:
        assert is_boundary(letter * 2, len(letter)), letter


def test_flags_are_counted_from_their_beginning():
    flags = "🇩🇪🇫🇷" * 100
    assert truncate(flags, 7) == "🇩🇪🇫🇷🇩🇪"
    assert truncate("a" + flags, 7) == "a🇩🇪🇫🇷🇩🇪"


def test_one_letter_that_is_too_long_is_cut_where_it_must_be():
    assert truncate("a" + "\u0301" * 30, 10) == "a" + "\u0301" * 9


def test_a_sign_says_that_there_is_more():
    assert truncate_with_ellipsis("short", 5) == "short"
    assert truncate_with_ellipsis("👨‍👩‍👧‍👦" * 3, 10) == "👨‍👩‍👧‍👦…"
    assert truncate_with_ellipsis("two words", 5) == "two…"
