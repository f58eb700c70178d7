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
from tests.payloads.xss import LINK_TEMPLATES, PAYLOADS, SCRIPT_URLS

CUT_QUOTES = References(cuts_quotes=True)
ADA = "> [ada wrote](/p/12/?revision=3):"


def render_with_quotes(text: str) -> Rendered:
    return render(text, host="forum.example", refers_to=CUT_QUOTES)


def test_quote_is_cut_out_and_replaced_by_placeholder():
    rendered = render_with_quotes(f"Before.\n\n{ADA}\n> It takes *a minute*.\n>\n> - a\n> > b\n\nAfter.")
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
def test_quote_start_and_end_are_detected(text, html, words):
    rendered = render_with_quotes(text)
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
def test_other_quotations_are_not_cut_out(text):
    assert render_with_quotes(text) == render(text, host="forum.example")
    assert render_with_quotes(text).quotes == ()


def test_quotes_are_not_cut_out_by_default():
    assert render(f"{ADA}\n> a", host="forum.example").html == (
        '<blockquote><p><a href="/p/12/?revision=3">ada wrote</a>:<br>\na</p></blockquote>'
    )


def test_quotes_over_the_limit_are_left_out():
    text = "\n\n".join(f"{ADA}\n> x{number}" for number in range(MAX_QUOTES * 3))
    rendered = render_with_quotes(text)
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
def test_quote_nested_in_quotation_is_left_out(text, html, left_out):
    rendered = render_with_quotes(text)
    assert rendered.html.replace("<li><p>c</p>", "<li>c") == html
    assert rendered.left_out == tuple(left_out)
    assert "<p>a</p>" not in "".join(quote.html for quote in rendered.quotes)


def test_name_in_quote_mentions_nobody():
    assert render_with_quotes(f"{ADA}\n> @ada @ben").people == ()


FORGED_PLACEHOLDERS = [
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


@pytest.mark.parametrize("forged", FORGED_PLACEHOLDERS, ids=ascii)
@pytest.mark.parametrize(
    "around", ["{}", "> {}", "{}\n\n" + ADA + "\n> a", ADA + "\n> {}", ADA + "\n> a\n\n{}"]
)
def test_quote_placeholder_cannot_be_forged(forged, around):
    text = around.format(forged)
    rendered = render_with_quotes(text)
    assert len(PLACEHOLDER.findall(rendered.html)) == len(rendered.quotes) == text.count(ADA)
    whole = "".join([rendered.html, *(quote.html for quote in rendered.quotes)])
    assert CUT not in whole
    assert "\0" not in whole
    assert not [quote for quote in rendered.quotes if "<!--" in quote.html]
    assert faults(PLACEHOLDER.sub("", rendered.html)) == []


SCRIPT_LINKS = [form.format(address=address) for form in LINK_TEMPLATES for address in SCRIPT_URLS[::4]]
ALL_PAYLOADS = [*PAYLOADS, *SCRIPT_LINKS]


@pytest.mark.parametrize(
    "payloads", [ALL_PAYLOADS[::8], pytest.param(ALL_PAYLOADS, marks=pytest.mark.slow)], ids=["some", "all"]
)
def test_xss_payloads_in_quotes_are_harmless(payloads):
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
            rendered = render_with_quotes(text)
            assert faults(PLACEHOLDER.sub("", rendered.html)) == [], text
            assert [fault for quote in rendered.quotes for fault in faults(quote.html)] == [], text


LINE_STRATEGY = st.sampled_from(
    [ADA, "> a", "> > b", "> - c", "- d", "  > e", "", "f", "```", "> ```", "> | a |", "> |---|", "---", "# g",
     f"  {ADA}", f"> {ADA}", f"{ADA} h", ">", "> # i", "    > j", "1. k", "> [x](/y 'z')", "*l", "> l*"]
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.lists(LINE_STRATEGY, max_size=14))
def test_every_quote_has_a_placeholder_and_valid_line_range(lines):
    text = "\n".join(lines)
    rendered = render_with_quotes(text)
    assert len(PLACEHOLDER.findall(rendered.html)) == len(rendered.quotes)
    assert PLACEHOLDER.findall(rendered.html) == [str(number) for number in range(len(rendered.quotes))]
    assert faults(PLACEHOLDER.sub("", rendered.html)) == []
    for quote in rendered.quotes:
        assert lines[quote.begins].lstrip(" ").startswith(ADA)
        assert all(line.lstrip(" ").startswith(">") for line in lines[quote.begins : quote.ends])
        assert faults(quote.html) == []


def test_fallback_rendering_leaves_out_quotes_only_if_cutting(monkeypatch, caplog):
    def fail(*args: object) -> str:
        raise RecursionError

    monkeypatch.setattr(core_text, "to_html", fail)
    with caplog.at_level(logging.ERROR):
        assert (
            render_with_quotes(f"Before.\n\n{ADA}\n> a secret\n\nAfter.").html
            == "<p>Before.</p><p>After.</p>"
        )
        assert "a secret" in render(f"{ADA}\n> a secret", host="forum.example").html


def test_attribution_line_is_parsed_back():
    assert render_with_quotes(f"> {attribution('ada', 12, 3)}\n> a").quotes[0].post == 12
