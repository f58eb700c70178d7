"""Code, lists and links as people type them."""

import pytest

from core.text import render
from tests.payloads.dom import elements


def html_of(text: str) -> str:
    return render(text, host="forum.example").html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "1. ```\n   systemctl stop x\n   ```\n2. Then **read** this.",
            "<ol><li><pre><code>systemctl stop x\n</code></pre></li><li>Then <strong>read</strong> this.</li></ol>",
        ),
        ("- ~~~ sh\n  a\n  ~~~\n- b", "<ul><li><pre><code>a\n</code></pre></li><li>b</li></ul>"),
        ("• ```\n  a\n  ```\n• b", "<ul><li><pre><code>a\n</code></pre></li><li>b</li></ul>"),
        (
            "10) ````\n    ```\n    ````\n11) b",
            '<ol start="10"><li><pre><code>```\n</code></pre></li><li>b</li></ol>',
        ),
        (
            "- a\n  1. ```\n     b\n     ```\n  2. c\n\nd",
            "<ul><li>a<ol><li><pre><code>b\n</code></pre></li><li>c</li></ol></li></ul><p>d</p>",
        ),
        ("> 1. ```\n>    a\n>    ```\n> 2. b",
         "<blockquote><ol><li><pre><code>a\n</code></pre></li><li>b</li></ol></blockquote>"),
        ("- > ```\n  > a\n  > ```\n- b",
         "<ul><li><blockquote><pre><code>a\n</code></pre></blockquote></li><li>b</li></ul>"),
        ("1. ```\n   a\n```\n2. b", "<ol><li><pre><code>a\n</code></pre></li><li>b</li></ol>"),
        ("-\t```\n\ta\n\t```\n-\tb", "<ul><li><pre><code>a\n</code></pre></li><li>b</li></ul>"),
        ("    ```\n    a\n    ```\nb", "<pre><code>a\n</code></pre><p>b</p>"),
    ],
)  # fmt: skip
def test_code_fence_can_start_on_list_item_line(text: str, html: str):
    assert html_of(text) == html


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("```\nall:\n\tcc a.c  \n\n \t \n```", "all:\n\tcc a.c  \n\n \t \n"),
        ("~~~\n\t\ta\tb\t\n~~~", "\t\ta\tb\t\n"),
        ("- ```\n  \ta  \n  ```", "\ta  \n"),
        ("> ```\n> \ta  \n> ```", "\ta  \n"),
        (">```\n>\ta\n>```", "  a\n"),  # a part of this tab belongs to the quotation
        ("  ```\n  \ta \n   b\n  ```", "\ta \n b\n"),
        ("```\n```", ""),
        ("~~~ a`b\nc\n~~~", "c\n"),
        ("```\r\na \r\n```", "a \n"),
    ],
)
def test_code_whitespace_is_preserved(text: str, code: str):
    (shown,) = [element.text or "" for element in elements(html_of(text)) if element.tag == "code"]
    assert shown == code


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("15551234567. Call", "<p>15551234567. Call</p>"),
        ("15551234567) Call\n15551234568) Call", "<p>15551234567) Call<br>\n15551234568) Call</p>"),
        ("a\n\n> 1234567890. b", "<p>a</p><blockquote><p>1234567890. b</p></blockquote>"),
        ("- 1234567890. a", "<ul><li>1234567890. a</li></ul>"),
        ("123456789. a", '<ol start="123456789"><li>a</li></ol>'),
        ("0. a", '<ol start="0"><li>a</li></ol>'),
        ("1. a\n  2. b\n 3. c", "<ol><li>a</li><li>b</li><li>c</li></ol>"),
        ("1. a\n  - b\n\n    c", "<ol><li>a<ul><li><p>b</p><p>c</p></li></ul></li></ol>"),
        ("- [ ] a\n- [x] b\n  [x] c", "<ul><li>☐ a</li><li>☑ b<br>\n[x] c</li></ul>"),
        ("1. [X] *a*\n\n   [ ] b", "<ol><li><p>☑ <em>a</em></p><p>[ ] b</p></li></ol>"),
        (
            "- [x](/b)\n- [x]\n- a [x] b\n\n[ ] c",
            '<ul><li><a href="/b">x</a></li><li>[x]</li><li>a [x] b</li></ul><p>[ ] c</p>',
        ),
        ("- a\n-\n- b", "<ul><li>a</li><li></li><li>b</li></ul>"),
    ],
)
def test_list_numbers_levels_and_checkboxes_are_rendered(text: str, html: str):
    assert html_of(text) == html


@pytest.mark.parametrize(
    ("text", "address", "title"),
    [
        ("[a](https://a.example/?x=1&amp;y=2)", "https://a.example/?x=1&y=2", None),
        ("[a](/b '&quot;c&quot; &amp;amp;')", "/b", '"c" &amp;'),
        ("[a](<https://a.example/b c>)", "https://a.example/b%20c", None),
        ("[a](https://a.example/b(c(d)e) (f))", "https://a.example/b(c(d)e)", "f"),
        (r"[a](https://a.example/\(b\&amp;)", "https://a.example/(b&amp;", None),
        ("![a](https://a.example/?x&#61;1)", "https://a.example/?x=1", None),
        ("[a](https://a.example/&copyx;&lt)", "https://a.example/&copyx;&lt", None),
    ],
)
def test_entities_and_brackets_in_link_urls_are_resolved(text: str, address: str, title: str | None):
    (link,) = [element for element in elements(html_of(text)) if element.tag == "a"]
    assert (link.get("href"), link.get("title")) == (address, title)


@pytest.mark.parametrize(
    "typed", ["javascript&colon;alert(1)", "&#106;avascript:alert(1)", "java&Tab;script:alert(1)",
                                   "&#1;javascript:alert(1)", "data&#58;text/html,x", "/&sol;a.example",
                                   "\\/\\/a.example"]
)  # fmt: skip
def test_entities_cannot_hide_a_script_url(typed: str):
    assert not [
        element for element in elements(html_of(f"[a]({typed}) [b](<{typed}>)")) if element.tag == "a"
    ]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("~~a *b* c~~ ~d~ ~~~e~~~", "<p><del>a <em>b</em> c</del> ~d~ ~~~e~~~</p>"),
        ("*~~a~~* ~~*b~~*", "<p><em><del>a</del></em> <del>*b</del>*</p>"),
        ("a\\\nb\\", "<p>a<br>\nb\\</p>"),
        ("****a****", "<p><strong><strong>a</strong></strong></p>"),
        ("&copyx; &notit; &amp;", "<p>&amp;copyx; &amp;notit; &amp;</p>"),
        ("[*a* https://a.example](/b)", '<p><a href="/b"><em>a</em> https://a.example</a></p>'),
    ],
)
def test_strikethrough_line_breaks_and_entities_are_rendered(text: str, html: str):
    assert html_of(text) == html
