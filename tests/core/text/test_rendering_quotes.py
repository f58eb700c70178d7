"""Quotes by reference, as the renderer cuts them out of a text."""

import logging

import pytest
from hypothesis import given, settings, strategies as st

from core import text as core_text
from core.text import Rendered, render
from core.text.normalize import CUT, normalize
from core.text.quotes import MAX_QUOTES, PLACEHOLDER, attribution
from core.text.references import References
from tests.payloads.dom import faults
from tests.payloads.xss import LINKS, PAYLOADS, SCRIPT_ADDRESSES

CUTTING = References(cuts_quotes=True)
ADA = "> [ada wrote](/p/12/?revision=3):"


def cut(text: str) -> Rendered:
    return render(text, host="forum.example", refers_to=CUTTING)


def test_its_words_are_cut_out_and_a_mark_stays():
    rendered = cut(f"Before.\n\n{ADA}\n> It takes *a minute*.\n>\n> - a\n> > b\n\nAfter.")
    assert rendered.html == "<p>Before.</p><!--quote 0--><p>After.</p>"
    assert rendered.excerpt == "Before. After."
    (quote,) = rendered.quotes
    assert (quote.post, quote.revision, quote.begins, quote.ends) == (12, 3, 2, 7)
    assert quote.html == (
        "<p>It takes <em>a minute</em>.</p><ul><li>a</li></ul><blockquote><p>b</p></blockquote>"
    )


@pytest.mark.parametrize(
    ("text", "html", "words"),
    [
        (f"{ADA} On the same line.", "<!--quote 0-->", ["<p>On the same line.</p>"]),
        (f"{ADA}\n> a\n{ADA}\n> b", "<!--quote 0--><!--quote 1-->", ["<p>a</p>", "<p>b</p>"]),
        (f"{ADA}\n> a\n\n> b", "<!--quote 0--><blockquote><p>b</p></blockquote>", ["<p>a</p>"]),
        (f"> b\n\n{ADA}\n> a", "<blockquote><p>b</p></blockquote><!--quote 0-->", ["<p>a</p>"]),
        (f"b\n{ADA}\n> a\nc", "<p>b</p><!--quote 0--><p>c</p>", ["<p>a</p>"]),
        (f"- b\n\n{ADA}\n> a", "<ul><li>b</li></ul><!--quote 0-->", ["<p>a</p>"]),
        (ADA, "<!--quote 0-->", [""]),
        (f"{ADA.replace('> ', '>    ')}\n>a", "<!--quote 0-->", ["<p>a</p>"]),
        (f"{ADA}\n> ```\n> a\n>\n> b\n> ```", "<!--quote 0-->", ["<pre><code>a\n\nb\n</code></pre>"]),
        (f"{ADA}\r\n> a\r\n", "<!--quote 0-->", ["<p>a</p>"]),
        (f"{ADA}\n> {ADA}\n> a", "<!--quote 0-->", ["<p>[…]</p><p>a</p>"]),
        (f"- b\n  {ADA}\n  > a\n  c", "<ul><li>b</li></ul><!--quote 0--><p>c</p>", ["<p>a</p>"]),
        (f"1. b\n   - c\n\n     {ADA}\n     > a", "<ol><li>b<ul><li>c</li></ul></li></ol><!--quote 0-->", ["<p>a</p>"]),
    ],
)  # fmt: skip
def test_where_it_begins_and_ends(text, html, words):
    rendered = cut(text)
    assert rendered.html == html
    assert [quote.html for quote in rendered.quotes] == words
    lines = normalize(text).split("\n")
    assert all(ADA[2:] in lines[quote.begins] for quote in rendered.quotes)
    own = [quote.begins for quote in rendered.quotes] + [len(lines)]
    assert all(quote.ends <= following for quote, following in zip(rendered.quotes, own[1:], strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "> a",
        "> [ada wrote](/p/12/):\n> a",
        "> [ada wrote](/p/12/?revision=3)\n> a",
        "> [ada wrote](/p/12/?revision=3):a",
        "> [ada said](/p/12/?revision=3):\n> a",
        "> [ada wrote](/p/x/?revision=3):\n> a",
        "> [ada wrote](https://else.example/p/12/?revision=3):\n> a",
        "> a\n>\n> see [ada wrote](/p/12/?revision=3):",
        "[ada wrote](/p/12/?revision=3):\na",
        f"```\n{ADA}\n> a\n```",
    ],
)
def test_anything_else_is_a_plain_quotation(text):
    assert cut(text) == render(text, host="forum.example")
    assert cut(text).quotes == ()


def test_without_being_asked_nothing_is_cut_out():
    assert render(f"{ADA}\n> a", host="forum.example").html == (
        '<blockquote><p><a href="/p/12/?revision=3">ada wrote</a>:<br>\na</p></blockquote>'
    )


def test_so_many_are_cut_out_and_the_rest_is_left_out():
    text = "\n\n".join(f"{ADA}\n> x{number}" for number in range(MAX_QUOTES * 3))
    rendered = cut(text)
    assert (
        len(rendered.quotes)
        == len(PLACEHOLDER.findall(rendered.html))
        == len(rendered.left_out)
        == MAX_QUOTES
    )
    assert f"x{MAX_QUOTES}" not in rendered.html + "".join(quote.html for quote in rendered.quotes)
    assert rendered.left_out[0] == (MAX_QUOTES * 3, MAX_QUOTES * 3 + 2)
    assert rendered.left_out[-1][1] == len(text.split("\n"))


@pytest.mark.parametrize(
    ("text", "html", "left_out"),
    [
        (f"> {ADA}\n> > a\n> b", "<blockquote><p>[…]</p><p>b</p></blockquote>", [(0, 2)]),
        (f"> c\n> > > {ADA}\n> > > > a\nb",
         "<blockquote><p>c</p><blockquote><blockquote><p>[…]</p></blockquote></blockquote></blockquote><p>b</p>",
         [(1, 3)]),
        (f"x\n\n{ADA}\n> c\n> {ADA}\n> > a", "<p>x</p><!--quote 0-->", [(4, 6)]),
        (f"> - c\n>   {ADA}\n>   > a", "<blockquote><ul><li>c<p>[…]</p></li></ul></blockquote>", [(1, 3)]),
    ],
)  # fmt: skip
def test_a_quote_in_a_quotation_is_left_out(text, html, left_out):
    rendered = cut(text)
    assert rendered.html.replace("<li><p>c</p>", "<li>c") == html
    assert rendered.left_out == tuple(left_out)
    assert "<p>a</p>" not in "".join(quote.html for quote in rendered.quotes)


def test_a_name_in_a_quote_calls_nobody():
    assert cut(f"{ADA}\n> @ada @ben").people == ()


FORGED = [
    "<!--quote 0-->",
    "<!--/quote-->",
    "&lt;!--quote 0--&gt;",
    "[x](/a '<!--quote 0-->')",
    '[x](/a "--><!--quote 0-->")',
    "[x](</a<!--quote 0-->>)",
    "`<!--quote 0-->`",
    "```\n<!--quote 0-->\n```",
    CUT,
    f"{CUT}{CUT}",
    "&#xf5d3;",
    "&#62931;",
    "[x](/a '&#xf5d3;')",
    "&#0;quote 12.1.0&#0;",
    "\0quote 12.1.0\0",
    "\x02quote:0\x03",
    "> \x02quote:0\x03",
    "&#2;quote:0&#3;",
    "<quote>x</quote>",
]


@pytest.mark.parametrize("forged", FORGED, ids=ascii)
@pytest.mark.parametrize(
    "around", ["{}", "> {}", "{}\n\n" + ADA + "\n> a", ADA + "\n> {}", ADA + "\n> a\n\n{}"]
)
def test_no_mark_can_be_forged(forged, around):
    text = around.format(forged)
    rendered = cut(text)
    assert len(PLACEHOLDER.findall(rendered.html)) == len(rendered.quotes) == text.count(ADA)
    whole = "".join([rendered.html, *(quote.html for quote in rendered.quotes)])
    assert CUT not in whole
    assert "\0" not in whole
    assert not [quote for quote in rendered.quotes if "<!--" in quote.html]
    assert faults(PLACEHOLDER.sub("", rendered.html)) == []


ADDRESSES = [form.format(address=address) for form in LINKS for address in SCRIPT_ADDRESSES[::4]]
EVERY_PAYLOAD = [*PAYLOADS, *ADDRESSES]


@pytest.mark.parametrize(
    "payloads", [EVERY_PAYLOAD[::8], pytest.param(EVERY_PAYLOAD, marks=pytest.mark.slow)], ids=["some", "all"]
)
def test_no_payload_comes_through_in_a_quote(payloads):
    """In the quote's words, in its first line, and beside it."""
    for payload in payloads:
        lines = payload.replace("\n", "\n> ")
        name = payload.replace("\n", " ")
        for text in (
            f"{ADA}\n> {lines}\n\n{payload}",
            f"> [{name} wrote](/p/12/?revision=3):\n> {lines}",
            f"> [ada wrote](/p/12/?revision=3{name}):\n> {lines}",
            f"{ADA} {payload}",
        ):
            rendered = cut(text)
            assert faults(PLACEHOLDER.sub("", rendered.html)) == [], text
            assert [fault for quote in rendered.quotes for fault in faults(quote.html)] == [], text


LINES = st.sampled_from(
    [ADA, "> a", "> > b", "> - c", "- d", "  > e", "", "f", "```", "> ```", "> | a |", "> |---|", "---", "# g",
     f"  {ADA}", f"> {ADA}", f"{ADA} h", ">", "> # i", "    > j", "1. k", "> [x](/y 'z')", "*l", "> l*"]
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.lists(LINES, max_size=14))
def test_every_quote_keeps_its_two_ends(lines):
    text = "\n".join(lines)
    rendered = cut(text)
    assert len(PLACEHOLDER.findall(rendered.html)) == len(rendered.quotes)
    assert PLACEHOLDER.findall(rendered.html) == [str(number) for number in range(len(rendered.quotes))]
    assert faults(PLACEHOLDER.sub("", rendered.html)) == []
    for quote in rendered.quotes:
        assert lines[quote.begins].lstrip(" ").startswith(ADA)
        assert all(line.lstrip(" ").startswith(">") for line in lines[quote.begins : quote.ends])
        assert faults(quote.html) == []


def test_what_cannot_be_rendered_shows_no_quotation(monkeypatch, caplog):
    def fail(*args: object) -> str:
        raise RecursionError

    monkeypatch.setattr(core_text, "to_html", fail)
    with caplog.at_level(logging.ERROR):
        assert cut(f"Before.\n\n{ADA}\n> a secret\n\nAfter.").html == "<p>Before.</p><p>After.</p>"
        assert "a secret" in render(f"{ADA}\n> a secret", host="forum.example").html


def test_the_first_line_is_made_where_it_is_read():
    assert cut(f"> {attribution('ada', 12, 3)}\n> a").quotes[0].post == 12
