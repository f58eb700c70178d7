"""What counts as a word, and as the same word."""

import time

import pytest

from core.text.word_keys import WORD_MAX, words_in


def keys(text: str) -> list[str]:
    return [word.key for word in words_in(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" \t\n… — ! ?", []),
        ("Hello, WORLD!", ["hello", "world"]),
        ("Straße ÉCOLE naïve", ["strasse", "ecole", "naive"]),
        ("Ærøskøbing Łódź İstanbul ılık", ["aeroskobing", "lodz", "istanbul", "ilik"]),
        ("e\u0301tude \ufb01ne ２０２６", ["etude", "fine", "2026"]),
        ("soft\u00adhyphen zero\u200cwidth", ["softhyphen", "zerowidth"]),
        ("don't foo_bar node.js v1.2", ["don", "t", "foo", "bar", "node", "js", "v1", "2"]),
        ("C++ c# F#, C; abc++", ["c++", "c#", "f#", "c", "abc"]),
        ("Привет ЁЛКА", ["привет", "елка"]),
        ("Άνθρωπος ΣΊΣΥΦΟΣ", ["ανθρωποσ", "σισυφοσ"]),
        ("שָׁלוֹם مُحَمَّد محـمد", ["שלום", "محمد", "محمد"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("日本語", ["日本", "本語", "語"]),
        ("ガキﾞ か\u3099", ["ガギ", "ギ", "が"]),
        ("한국어를", ["한국", "국어", "어를", "를"]),
        ("iPhone用ケース", ["iphone", "用ケ", "ケー", "ース", "ス"]),
        ("a\0b", ["a", "b"]),
    ],
)
def test_words_are_normalized(text, words):
    assert keys(text) == words


@pytest.mark.parametrize("text", ["สวัสดีครับ", "ສະບາຍດີ", "မင်္ဂလာပါ", "សួស្តី"])
def test_scripts_without_spaces_are_pairs_and_a_tail(text):
    words = words_in(text)
    assert len(words) == len(text)
    assert [word.is_tail for word in words] == [False] * (len(text) - 1) + [True]
    assert all(len(word.key) == 2 for word in words[:-1])
    assert len(words[-1].key) == 1


@pytest.mark.parametrize("text", ["Hello, Straße! 日本語とC++ e\u0301tude", "\ufb01ne ガキﾞ №5", "a" * 100])
def test_each_word_has_its_place_in_the_text(text):
    end = 0
    for word in words_in(text):
        assert 0 <= word.start < word.end <= len(text)
        assert word.end >= end
        assert keys(text[word.start : word.end])[0].startswith(word.key[:1])
        end = word.end


def test_long_words_are_cut():
    assert keys("a" * 1_000) == ["a" * WORD_MAX]


@pytest.mark.parametrize(
    "piece", ["\u0300", "a", "a\u0300", "C+", "漢", "\u3099", "_", "\u00ad", "\ufdfa", "٣", "👩‍👩‍👧", "c#"]
)
def test_time_grows_with_the_length(piece):
    def seconds(length: int) -> float:
        began = time.process_time()
        words_in(piece * length)
        return time.process_time() - began

    seconds(2_000)
    assert seconds(20_000) < 20 * seconds(2_000) + 0.2
