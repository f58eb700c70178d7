"""Excerpts of a text, for lists."""

import pytest

from core.text import render

HOST = "forum.example"


def test_excerpt_contains_the_first_visible_words():
    text = "# Title\n\n*Em*phasis & <b>, [link](/x)\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    assert render(text, host=HOST).excerpt == "Title Emphasis & <b>, link · one · two"
    assert render("| a | b |\n|---|---|\n| 1 | 2 |", host=HOST).excerpt == "a b 1 2"
    assert render("- one\n- two", host=HOST).excerpt == "one · two"
    assert render("a" * 280, host=HOST).excerpt == "a" * 280
    assert render("a" * 281, host=HOST).excerpt == "a" * 280 + "…"
    assert render("word " * 100, host=HOST).excerpt == ("word " * 56).strip() + "…"
    assert render("longer " * 100, host=HOST).excerpt == ("longer " * 40).strip() + "…"
    assert render("longest " * 100, host=HOST).excerpt == ("longest " * 35).strip() + "…"
    assert render("words " * 100, host=HOST).excerpt == ("words " * 46).strip() + "…"


@pytest.mark.slow
def test_excerpt_skips_a_table_unless_it_is_very_long():
    table = "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 300
    assert render(f"{table}\nWords.", host=HOST).excerpt == "Words."
    assert render(table * 12 + "\nWords.", host=HOST).excerpt.startswith("a b 1 2 1 2")
    empty = "| |\n|-|\n" + "||\n" * 7_000
    assert render(empty, host=HOST).excerpt == ""
