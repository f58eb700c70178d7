"""What is typed into the search field, and what it means."""

import time
from datetime import date

import pytest

from forum.search.query import QUERY_MAX, WORDS_MAX, read_query
from forum.search.tsquery import title_tsquery, words_tsquery


def tsquery(text: str) -> str:
    return words_tsquery(read_query(text), languages=["en"])


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("red bells", "(('red' | '=red')) & (('bells' | 'bell' | '=bell'))"),
        ('"red bells"', "(('red' <1> 'bells'))"),
        ('"bells"', "('bells')"),
        ("red -blue", "(('red' | '=red')) & !('blue' | '=blue')"),
        ('red -"dark blue"', "(('red' | '=red')) & !('dark' <1> 'blue')"),
        ("red OR blue", "(('red' | '=red') | ('blue' | '=blue'))"),
        ("red OR blue bell", "(('red' | '=red') | ('blue' | '=blue')) & (('bell' | '=bell'))"),
        ("OR red", "(('red' | '=red'))"),
        ("red OR", "(('red' | '=red'))"),
        ("red or blue", "(('red' | '=red')) & (('or' | '=or')) & (('blue' | '=blue'))"),
        ("ring*", "('ring':*)"),
        ("r*", "(('r' | '=r'))"),
        ('"ring*"', "('ring')"),
        ("foo_bar node.js*", "(('foo' <1> 'bar')) & (('node' <1> 'js':*))"),
        ("C++ c#", "(('c++' | '=c++')) & (('c#' | '=c#'))"),
        ("日本語", "(('日本' <1> '本語'))"),
        ("猫", "('猫':*)"),
        ("iPhone用", "(('iphone' <1> '用':*))"),
        ("is:blue", "(('is' <1> 'blue'))"),
        ("after:2026-13-45", "(('after' <1> '2026' <1> '13' <1> '45'))"),
        ("", ""),
        ('" -" - ** () & | !', ""),
    ],
)  # fmt: skip
def test_query_is_read(text, condition):
    assert tsquery(text) == condition


def test_title_has_marks_of_its_own_and_the_post_no_excluded_words():
    query = read_query('red -blue "big bell"')
    assert title_tsquery(query, languages=["en"]) == (
        "(('^red' | '^=red')) & (('^big' <1> '^bell')) & !('blue' | '=blue')"
    )


def test_filters_are_read():
    query = read_query(
        "bell in:news IN:talk by:@ada by:ben after:2026-1-31 before:2026-12-01 is:official"
        " is:Highlighted has:image topic:7"
    )
    assert query.words == "bell"
    assert (query.sections, query.authors) == (("news", "talk"), ("ada", "ben"))
    assert (query.after, query.before) == (date(2026, 1, 31), date(2026, 12, 1))
    assert query.flags == {"official", "highlighted", "image"}
    assert query.topic == 7
    assert query.has_filters


@pytest.mark.parametrize(
    ("text", "is_empty"), [("", True), (" ", True), ("-red", True), ("is:official", False), ("red", False)]
)
def test_words_to_leave_out_alone_are_no_question(text, is_empty):
    assert read_query(text).is_empty == is_empty


def test_long_queries_are_cut():
    assert len(read_query("a " * QUERY_MAX).terms) == WORDS_MAX
    assert read_query("a " * QUERY_MAX).is_cut
    assert read_query("x" * (QUERY_MAX + 1)).is_cut
    assert [term.words for term in read_query("a" + QUERY_MAX * " " + "b").terms] == [("a",)]
    assert not read_query("a few words").is_cut


@pytest.mark.parametrize(
    "piece", ['"', "-", ":", "in:", '-in:"', "*", "OR ", "a*", "\0", "漢", "is:", "\u0300", "() "]
)
def test_any_text_is_read_quickly(piece):
    began = time.process_time()
    read_query(piece * 100_000)
    assert time.process_time() - began < 0.5
