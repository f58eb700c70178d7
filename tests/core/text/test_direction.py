"""Each block has its own direction; names, code and addresses do not count for it."""

import re

import pytest

from core.text import render
from core.text.direction import first_direction
from core.text.references import MentionedMember, References
from core.text.sanitize import clean_with_bleach, clean_with_nh3
from tests.payloads.slow import SLOW

ADA = References(people={"ada": MentionedMember(1, "/u/ada/")}, cuts_quotes=True)
BLOCK_WITHOUT_DIRECTION = re.compile(r"<(p|ul|ol|blockquote|table|td|th|pre|h[3-6])(?![a-z])(?![^>]* dir=)")


def sanitized_by_both(html: str) -> list[str]:
    """Runs the HTML through each of the two sanitizers alone."""
    return [clean_with_bleach(html, "forum.example"), clean_with_nh3(html)]


def html_of(text: str) -> str:
    return render(text, host="forum.example", refers_to=ADA).html


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("نص", '<p dir="auto">نص</p>'),
        ("one\n\nשתיים", '<p dir="auto">one</p><p dir="auto">שתיים</p>'),
        (
            "@ada نص",
            '<p dir="auto"><a class="mention" href="/u/ada/"><bdi>@ada</bdi></a> نص</p>',
        ),
        ("`ls` نص", '<p dir="auto"><code dir="auto">ls</code> نص</p>'),
        ("[نص](/x) two", '<p dir="auto"><a href="/x">نص</a> two</p>'),
        ("- نص\n- two", '<ul dir="auto"><li>نص</li><li>two</li></ul>'),
        ("- نص\n\n  two", '<ul dir="auto"><li><p>نص</p><p>two</p></li></ul>'),
        ("3. `a` نص", '<ol start="3" dir="auto"><li><code dir="auto">a</code> نص</li></ol>'),
        ("> نص\n>\n> two", '<blockquote dir="rtl"><p dir="auto">نص</p><p dir="auto">two</p></blockquote>'),
        ("> `a` @ada نص\n", None),
        ("> two\n>\n> نص", '<blockquote dir="ltr"><p dir="auto">two</p><p dir="auto">نص</p></blockquote>'),
        ("# نص", '<h3 dir="auto">نص</h3>'),
        ("```\nx\n```\nنص", '<pre dir="auto"><code>x\n</code></pre><p dir="auto">نص</p>'),
    ],
)
def test_blocks_get_direction_attributes(typed: str, html: str | None):
    if html:
        assert html_of(typed) == html
    else:
        assert html_of(typed).startswith('<blockquote dir="rtl">')


@pytest.mark.parametrize("address", ["https://a.example/b", "www.a.example", "<https://a.example>"])
def test_bare_url_has_its_own_direction(address: str):
    assert re.search(r'^<p dir="auto"><a [^>]*dir="auto"[^>]*>[^<]*</a> نص</p>$', html_of(f"{address} نص"))


@pytest.mark.parametrize("typed", ["> @ada نص", "> `a` @ada נוסף", "[@ada](/x) نص", "> - @ada نص"])
def test_unlinked_name_is_isolated_with_bdi(typed: str):
    assert "<bdi>@ada</bdi>" in html_of(typed)
    assert "<bdi>" not in html_of(typed.replace("نص", "two").replace("נוסף", "two"))


def test_table_and_cells_have_their_own_direction():
    html = html_of("| نص | two |\n|---|---|\n| 1 | @ada |")
    assert '<table dir="rtl">' in html
    assert '<th dir="auto">نص</th><th dir="auto">two</th>' in html
    assert "<bdi>@ada</bdi>" in html


@pytest.mark.parametrize("name", SLOW)
def test_every_block_has_a_direction_or_none_has(name: str):
    """Otherwise no block has one, where it would make a text of small blocks much longer."""
    html = html_of(f"{SLOW[name](300)}\n\nنص נוסף " + "نص " * 400)
    outside_items = re.sub(r"<li>.*?</li>", "", html, flags=re.DOTALL)
    assert "dir=" not in html or BLOCK_WITHOUT_DIRECTION.findall(outside_items) == []


@pytest.mark.parametrize(
    "text", ["one\n\n- two\n\n> three `x` @ada https://a.example\n\n|a|b|\n|-|-|", "123", "鐘"]
)
def test_text_without_rtl_letters_has_no_direction_markup(text: str):
    assert "dir=" not in html_of(text)
    assert "<bdi" not in html_of(text)


@pytest.mark.slow
def test_direction_markup_does_not_inflate_many_small_blocks():
    text = "> א\nב\n" * 5_000
    assert len(html_of(text)) <= 10 * len(text)


@pytest.mark.parametrize("value", ["auto", "ltr", "rtl"])
def test_both_sanitizers_allow_direction_attribute(value: str):
    for tag in ("p", "ul", "ol", "blockquote", "table", "h3", "pre", "code"):
        html = f'<{tag} dir="{value}">a</{tag}>'
        assert f'dir="{value}"' in sanitized_by_both(html)[0]
        assert f'dir="{value}"' in sanitized_by_both(html)[1]


@pytest.mark.parametrize(
    "html", ['<p dir="x">a</p>', '<p dir="">a</p>', '<div dir="rtl">a</div>', '<li dir="rtl">a</li>']
)
def test_both_sanitizers_remove_invalid_direction_attribute(html: str):
    assert all("dir" not in sanitized for sanitized in sanitized_by_both(html))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("@ada نص", "rtl"),
        ("`ls` نص", "rtl"),
        ("https://a.example نص", "rtl"),
        ("نص", "rtl"),
        ("@ada two نص", "ltr"),
    ],
)
def test_excerpt_has_the_direction_of_its_text(typed: str, expected: str):
    excerpt = render(typed, host="forum.example", refers_to=ADA).excerpt
    assert first_direction(excerpt) == expected
    assert len(render(typed + " نص" * 500, host="forum.example", refers_to=ADA).excerpt) <= 281
