"""Search sees what readers see."""

import pytest

from core.text import Source, render
from core.text.references import References
from core.text.searchable_text import searchable_text


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("", ""),
        ("Hello *wor*ld", "Hello world"),
        ("One\ntwo\n\nthree", "One\ntwo\nthree"),
        ("- a\n- b `c`", "a\nb c"),
        ("| a | b |\n|---|---|\n| c | d |", "a\nb\nc\nd"),
        ("![A red bell](https://example.org/a.png)", "A red bell"),
        ("[a link](https://example.org/hidden)", "a link"),
        ("> My own words", "My own words"),
        ("5 < 6 & 7 &amp; <b>bold</b>", "5 < 6 & 7 & <b>bold</b>"),
        ("```\ncode here\n```", "code here"),
    ],
)
def test_text_is_what_is_shown(typed, text):
    assert searchable_text(render(typed).html) == text


def test_quotes_of_posts_are_left_out():
    typed = "> [ada wrote](/p/1/?revision=1):\n> Her words\n\nMine"
    rendered = Source(typed).render(refers_to=References(cuts_quotes=True))
    assert searchable_text(rendered.html) == "Mine"
