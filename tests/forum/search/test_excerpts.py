"""The excerpt of a result, with the found words marked."""

import time

import pytest

from forum.search.excerpts import EXCERPT_MAX, excerpt, marked
from forum.search.query import read_query


def marks(text: str, query: str) -> list[str]:
    return [piece.text for piece in marked(text, read_query(query), languages=["en"]) if piece.is_match]


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("Batteries and a battery", "battery", ["Batteries", "battery"]),
        ("Batteries and a battery", '"battery"', ["battery"]),
        ("The red bell, the bell red", '"red bell"', ["red bell"]),
        ("Ringing ringers", "ringe*", ["ringers"]),
        ("Straße, STRASSE", "strasse", ["Straße", "STRASSE"]),
        ("日本語の本", "日本語", ["日本語"]),
        ("猫と犬", "猫", ["猫と"]),
        ("red blue", "red -blue", ["red"]),
        ("red blue", "green OR blue", ["blue"]),
        ("C++ and C", "c++", ["C++"]),
        ("<b>red</b>", "red", ["red"]),
    ],
)
def test_found_words_are_marked(text, query, found):
    assert marks(text, query) == found


def test_pieces_are_the_whole_text():
    text = "A red bell rings; the other red bells hang."
    assert "".join(piece.text for piece in marked(text, read_query("red bell"), languages=["en"])) == text


def test_excerpt_shows_where_most_words_are():
    text = "red " + "filler " * 200 + "the red bell rings " + "filler " * 200
    shown = "".join(piece.text for piece in excerpt(text, read_query("red bell rings"), languages=["en"]))
    assert "the red bell rings" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < EXCERPT_MAX + 50


def test_text_without_found_words_begins_at_its_beginning():
    """They may all be in the title."""
    text = "Beginning " + "filler " * 200
    assert excerpt(text, read_query("zebra"), languages=["en"])[0].text.startswith("Beginning")


@pytest.mark.parametrize("piece", ["a ", "a", "漢", "a\u0300", "ab ", "👩‍👩‍👧"])
def test_time_grows_with_the_length(piece):
    query = read_query("a ab 漢 b*")

    def seconds(length: int) -> float:
        began = time.process_time()
        excerpt(piece * length, query, languages=["en"])
        return time.process_time() - began

    seconds(1_000)
    assert seconds(10_000) < 25 * seconds(1_000) + 0.3
