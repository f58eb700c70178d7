"""Rendering what members type."""

from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings, strategies as st

from core import text as core_text
from core.text import render
from core.text.sanitize import clean_with_bleach, clean_with_nh3
from tests.payloads.dom import elements, faults
from tests.payloads.slow import SLOW
from tests.payloads.xss import LINK_TEMPLATES, PAYLOADS, SCRIPT_URLS

HOST = "forum.example"


def html_of(text: str) -> str:
    return render(text, host=HOST).html


def links_of(text: str) -> list[tuple[str, str | None]]:
    return [(link.get("href"), link.get("rel")) for link in elements(html_of(text)) if link.tag == "a"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        (" \n\t\n", ""),
        ("One\n\nTwo", "<p>One</p><p>Two</p>"),
        ("One\nTwo  \nThree", "<p>One<br>\nTwo<br>\nThree</p>"),
        ("One\r\nTwo\rThree\u2028Four", "<p>One<br>\nTwo<br>\nThree<br>\nFour</p>"),
        (
            "*a* _b_ **c** __d__ ***e***",
            "<p><em>a</em> <em>b</em> <strong>c</strong> <strong>d</strong> <em><strong>e</strong></em></p>",
        ),
        (
            "**a *b* c** and **d*e*f**",
            "<p><strong>a <em>b</em> c</strong> and <strong>d<em>e</em>f</strong></p>",
        ),
        ("snake_case_name, 2 * 3 * 4, *lonely", "<p>snake_case_name, 2 * 3 * 4, *lonely</p>"),
        (r"\*a\* \[b\](c) \\ \a", r"<p>*a* [b](c) \ \a</p>"),
        ("a `b *c*` ``d ` e`` `f", "<p>a <code>b *c*</code> <code>d ` e</code> `f</p>"),
        ("&copy; &amp;lt; &lt;b&gt; & &nonsense;", "<p>© &amp;lt; &lt;b&gt; &amp; &amp;nonsense;</p>"),
        ("a <b>b</b> <!-- c -->", "<p>a &lt;b&gt;b&lt;/b&gt; &lt;!-- c --&gt;</p>"),
        ("---\na\n\n* * *", "<hr><p>a</p><hr>"),
        ("    four blanks are no code", "<p>four blanks are no code</p>"),
        ("# a\n### b\n## c #\n###### d", "<h3>a</h3><h4>b</h4><h4>c</h4><h5>d</h5>"),
        ("#1 priority\n#", "<p>#1 priority<br>\n#</p>"),
        ("a\n===", "<p>a<br>\n===</p>"),
    ],
)
def test_inline_markup_and_blocks_are_rendered(text: str, html: str):
    assert html_of(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("- a\n* b\n+ c", "<ul><li>a</li><li>b</li><li>c</li></ul>"),
        ("These:\n- a\n- b\nand so on", "<p>These:</p><ul><li>a</li><li>b<br>\nand so on</li></ul>"),
        ("• a\n•b\n◦ c", "<ul><li>a</li><li>b</li><li>c</li></ul>"),
        ("– a\n– b", "<ul><li>a</li><li>b</li></ul>"),
        ("– Mark Twain", "<p>– Mark Twain</p>"),
        ("1. a\n2) b", "<ol><li>a</li><li>b</li></ol>"),
        ("4. a\n5. b", '<ol start="4"><li>a</li><li>b</li></ol>'),
        ("It was in\n1986. What a year", "<p>It was in<br>\n1986. What a year</p>"),
        ("- a\n  - b\n    - c\n- d", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"),
        ("1. a\n   - b\n2. c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
        ("- a\n1. b", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
        ("- a\n\n  b\n\n- c\n\nd", "<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul><p>d</p>"),
        ("- a\n  ```\n  b\n    c\n  ```", "<ul><li>a<pre><code>b\n  c\n</code></pre></li></ul>"),
        ("- a\n\n  > b", "<ul><li><p>a</p><blockquote><p>b</p></blockquote></li></ul>"),
        ("- a\n\n  b\n- c", "<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>"),
        ("1. a\n\n   b\n2. c", "<ol><li><p>a</p><p>b</p></li><li><p>c</p></li></ol>"),
        ("- - a", "<ul><li><ul><li>a</li></ul></li></ul>"),
        ("- *a*\n- **b** c\n- -5", "<ul><li><em>a</em></li><li><strong>b</strong> c</li><li>-5</li></ul>"),
    ],
)
def test_lists_are_rendered(text: str, html: str):
    assert html_of(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("> a\n> b", "<blockquote><p>a<br>\nb</p></blockquote>"),
        ("> a\nanswer", "<blockquote><p>a</p></blockquote><p>answer</p>"),
        ("> a\n>> b\n> c", "<blockquote><p>a</p><blockquote><p>b</p></blockquote><p>c</p></blockquote>"),
        ("> - a\n> - b", "<blockquote><ul><li>a</li><li>b</li></ul></blockquote>"),
        ("> ```\n> a\n>\n> > b\n> ```", "<blockquote><pre><code>a\n\n&gt; b\n</code></pre></blockquote>"),
        ("```py\n*a*\n\n\n  <b>\n```\nc", "<pre><code>*a*\n\n\n  &lt;b&gt;\n</code></pre><p>c</p>"),
        ("~~~\n```\n~~~", "<pre><code>```\n</code></pre>"),
        ("```\nnot closed\n\nyet", "<pre><code>not closed\n\nyet\n</code></pre>"),
        ("```\na\n```\n```\nb\n```", "<pre><code>a\n</code></pre><pre><code>b\n</code></pre>"),
    ],
)
def test_quotations_and_code_are_rendered(text: str, html: str):
    assert html_of(text) == html


def test_table_is_rendered_in_scroll_container():
    text = "Prices:\n| a | b | c |\n|:--|:-:|--:|\n| *1* | `x` |\n| 2 | a \\| b | 3 | 4 |\n\nEnd"
    assert html_of(text) == (
        '<p>Prices:</p><div class="table-scroll"><table><thead>'
        '<tr><th>a</th><th class="centre">b</th><th class="end">c</th></tr></thead><tbody>'
        '<tr><td><em>1</em></td><td class="centre"><code>x</code></td><td class="end"></td></tr>'
        '<tr><td>2</td><td class="centre">a | b</td><td class="end">3</td></tr>'
        "</tbody></table></div><p>End</p>"
    )


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (r"`ls \| wc`", "<code>ls | wc</code>"),
        (r"``a \| `b` \| c``", "<code>a | `b` | c</code>"),
        (r"`\|\|`", "<code>||</code>"),
        (r"*a \| b*", "<em>a | b</em>"),
        (r"[a \| b](/c)", '<a href="/c">a | b</a>'),
        (r"a \| b", "a | b"),
        (r"`a\b`", r"<code>a\b</code>"),
    ],
)
def test_escaped_pipe_in_table_cell_is_shown_without_backslash(typed: str, shown: str):
    html = html_of(f"| {typed} | x |\n|---|---|\n| y | {typed} |\n{typed} | z")
    assert html.count(f"<th>{shown}</th>") == 1
    assert html.count(f"<td>{shown}</td>") == 2
    assert "<td>z</td>" in html


def test_code_outside_tables_keeps_its_backslash():
    assert html_of(r"`ls \| wc`") == r"<p><code>ls \| wc</code></p>"


def test_table_at_end_of_text_is_closed():
    assert html_of("| a |\n|---|\n| b |").endswith("<tbody><tr><td>b</td></tr></tbody></table></div>")


def test_links_to_own_site_have_no_nofollow(monkeypatch):
    monkeypatch.setattr(core_text, "settings", SimpleNamespace(SITE_URL="https://here.example:8000/"))
    html = render("[a](https://here.example:8000/t/1/) [b](https://here.example/)").html
    assert html.count("nofollow") == 1


def test_plain_text_announcement_is_rendered_as_intended():
    announcement = (
        "Hello everybody,\n\nThe move took longer than planned (with charts!) -- sorry.\n\n"
        "This is what was lost:\n• All saved searches, and they cannot be had back\n"
        "• Views of the last days – these come back later this week.\n• Some mails\n\n"
        "The site is our #1 priority.\n\nThank you"
    )
    assert html_of(announcement) == (
        "<p>Hello everybody,</p><p>The move took longer than planned (with charts!) -- sorry.</p>"
        "<p>This is what was lost:</p><ul><li>All saved searches, and they cannot be had back</li>"
        "<li>Views of the last days – these come back later this week.</li><li>Some mails</li></ul>"
        "<p>The site is our #1 priority.</p><p>Thank you</p>"
    )


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("[a](https://b.example/c_(d))", ["https://b.example/c_(d)"]),
        ("[a](<https://b.example/> 'title')", ["https://b.example/"]),
        ("[*a* `b`](/t/1/x/) [c](#p5) [d](mailto:e@f.example)", ["/t/1/x/", "#p5", "mailto:e@f.example"]),
        ("<https://a.example> <me@a.example>", ["https://a.example", "mailto:me@a.example"]),
        ("see https://a.example/b_c_d?e=1&copy=2#f.", ["https://a.example/b_c_d?e=1&copy=2#f"]),
        ("(http://a.example/b_(c)), www.a.example!", ["http://a.example/b_(c)", "https://www.a.example"]),
        ("<b>http://a.example/?b=c&d=e</b>", ["http://a.example/?b=c&d=e"]),
        ("**http://a.example/*b*", ["http://a.example/"]),
        ("[a [b](/c) d](/e)", ["/c"]),
        ("[![cat](https://a.example/b.png)](/c)", ["/c"]),
        ("`http://a.example`\n\n```\nhttp://a.example\n```", []),
        ("readme.md example.com a@b.example http:// www.", []),
        ("[a](b) [c](//d.example) [e](/\\f.example) [g](h.example:80) [i]() [j](http://[) [k](http:)", []),
    ],
)
def test_only_valid_links_are_rendered(text: str, addresses: list[str]):
    assert [address for address, _ in links_of(text)] == addresses


def test_remote_image_is_rendered_as_link():
    html = html_of('![a *cat*](https://a.example/cat.png "Mia") ![](http://a.example/b.png)')
    assert "<img" not in html
    assert (
        '<a href="https://a.example/cat.png" title="Mia" rel="nofollow ugc noopener">a <em>cat</em></a>'
        in html
    )
    assert ">http://a.example/b.png</a>" in html


@pytest.mark.parametrize(
    ("address", "rel"),
    [
        ("https://other.example/", "nofollow ugc noopener"),
        (f"https://{HOST}.other.example/", "nofollow ugc noopener"),
        (f"https://{HOST}@other.example/", "nofollow ugc noopener"),
        (f"https://{HOST}:444/", "nofollow ugc noopener"),
        (f"https://{HOST}/t/1/", None),
        (f"http://{HOST.upper()}/t/1/", None),
        ("/t/1/", None),
        ("#p1", None),
        ("mailto:a@other.example", None),
    ],
)
def test_only_external_links_have_nofollow(address: str, rel: str | None):
    assert links_of(f"[x]({address})") == [(address, rel)]
    if address.startswith("http"):
        assert links_of(f"see {address} x") == [(address, rel)]


@pytest.mark.parametrize("form", LINK_TEMPLATES)
@pytest.mark.parametrize("address", SCRIPT_URLS)
def test_script_url_never_becomes_a_link(form: str, address: str):
    text = form.format(address=address)
    assert faults(html_of(text)) == []
    assert None not in [address for address, _ in links_of(text)]  # what cannot be a link stays text


@pytest.mark.slow
def test_xss_corpus_is_rendered_harmless():
    faults_by_payload = {payload: faults(html_of(payload)) for payload in PAYLOADS}
    assert len(faults_by_payload) >= 500
    assert {payload: found for payload, found in faults_by_payload.items() if found} == {}


@pytest.mark.slow
def test_each_sanitizer_alone_cleans_the_xss_corpus():
    """The check finds the faults in the raw corpus, and none after either sanitizer."""
    assert sum(bool(faults(payload)) for payload in PAYLOADS) > 200
    assert [payload for payload in PAYLOADS if faults(clean_with_bleach(payload, HOST))] == []
    assert [payload for payload in PAYLOADS if faults(clean_with_nh3(payload))] == []


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300) | st.text("[]()<>!&`*_\\ \n#>-+|:'\"•–1.ahtp/@", max_size=120))
@example("\ud800\x00<![")
@example("- \n> \n|\n|-\n")
@example("> שלום `a` https://a.example @ada\n\n| א | b |\n|---|--:|\n| c | ד |")
def test_any_text_renders_to_safe_html(text: str):
    rendered = render(text, host=HOST)
    assert faults(rendered.html) == []
    assert len(rendered.excerpt) <= 281


@pytest.mark.parametrize("text", ["> " * 10_000, ">" * 10_000 + "a", "- " * 10_000 + "a", "1. > - " * 5_000])
def test_nesting_depth_of_blocks_is_limited(text: str, caplog: pytest.LogCaptureFixture):
    assert depth_of(html_of(text)) < 40
    assert not caplog.records


def test_nesting_depth_of_lists_and_emphasis_is_limited():
    text = "".join(f"{' ' * 2 * deep}- > a\n" for deep in range(150))
    assert depth_of(html_of(text)) < 40
    assert depth_of(html_of("*a " * 900 + " a*" * 900)) < 40


def depth_of(html: str) -> int:
    class Depth(HTMLParser):
        now = most = 0

        def handle_starttag(self, tag, attrs):
            if tag not in ("br", "hr"):
                self.now += 1
                self.most = max(self.most, self.now)

        def handle_endtag(self, tag):
            self.now -= 1

    depth = Depth()
    depth.feed(html)
    return depth.most


@pytest.mark.slow
def test_slow_texts_render_without_fallback(caplog: pytest.LogCaptureFixture):
    for make in SLOW.values():
        render(make(1_000), host=HOST)
    assert not caplog.records
