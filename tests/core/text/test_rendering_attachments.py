"""How attachments are rendered in a text."""

import pytest

from core.text import render
from core.text.references import AttachedFile, Picture, References
from core.text.sanitize import clean_with_bleach, clean_with_nh3
from tests.payloads.dom import elements, faults
from tests.payloads.xss import PAYLOADS

LARGE, SMALL, PLAN, NOBODYS = ("1" * 32, "2" * 32, "3" * 32, "4" * 32)
ATTACHMENTS = References(
    attached={
        LARGE: Picture(1440, 900, 480, "A bell"),
        SMALL: Picture(60, 40, None, ""),
        PLAN: AttachedFile("plan & <b>.pdf", 1_234_567),
    }
)


def html_of(text: str) -> str:
    html = render(text, refers_to=ATTACHMENTS).html
    assert faults(html) == []
    return html


def pictures(text: str) -> list[dict[str, str]]:
    return [dict(element.attrib) for element in elements(html_of(text)) if element.tag == "img"]


def test_picture_has_srcset_and_links_to_the_original():
    assert html_of(f"![Our *big* bell](/a/{LARGE}/)") == (
        f'<p><a href="/a/{LARGE}/"><img src="/a/{LARGE}/480/" srcset="/a/{LARGE}/480/ 480w, /a/{LARGE}/ 1440w"'
        ' sizes="(max-width: 40rem) 92vw, 39rem" width="1440" height="900" loading="lazy" alt="Our big bell"></a></p>'
    )


def test_small_picture_has_no_srcset():
    assert html_of(f"![x](/a/{SMALL}/)") == (
        f'<p><a href="/a/{SMALL}/"><img src="/a/{SMALL}/" width="60" height="40" loading="lazy" alt="x"></a></p>'
    )


@pytest.mark.parametrize(
    ("text", "alt"),
    [
        (f"![](/a/{LARGE}/)", "A bell"),
        (f"![](/a/{SMALL}/)", "Picture"),
        (f"![a \\[b\\]\nc](/a/{SMALL}/)", "a [b] c"),
        (f'![a"><script>alert(1)</script>](/a/{SMALL}/)', 'a"><script>alert(1)</script>'),
        (f"![&lt;b&gt; &amp;amp;](/a/{SMALL}/)", "<b> &amp;"),
        (f"![{'x' * 500}](/a/{SMALL}/)", "x" * 300),
    ],
)
def test_picture_always_has_alt_text(text, alt):
    assert [picture["alt"] for picture in pictures(text)] == [alt]


@pytest.mark.parametrize(
    "text",
    [
        f"![x](/a/{NOBODYS}/)",
        f"[x](/a/{LARGE}/)",
        f"![x](/a/{LARGE}/480/)",
        f"![x](/a/{LARGE})",
        f"![x](/a/{LARGE.replace('1', 'A')}/)",
        f"![x](https://forum.example/a/{LARGE}/)",
        f"![x](//evil.example/a/{LARGE}/)",
        f"![x](/a/{LARGE}/?x=y)",
        f"`![x](/a/{LARGE}/)`",
        f"```\n![x](/a/{LARGE}/)\n```",
        f'<img src="/a/{LARGE}/">',
        "![x](https://evil.example/track.gif)",
        "![x](data:image/png;base64,AAAA)",
    ],
)
def test_other_markup_is_not_rendered_as_picture(text):
    assert pictures(text) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"[the plan](/a/{PLAN}/)", f'<a href="/a/{PLAN}/">the plan</a> (1.2 MB)'),
        (f"![](/a/{PLAN}/)", f'<a href="/a/{PLAN}/">plan &amp; &lt;b&gt;.pdf</a> (1.2 MB)'),
    ],
)
def test_file_link_shows_file_size(text, shown):
    assert html_of(text) == f"<p>{shown}</p>"


def test_excerpt_mentions_picture():
    assert render(f"Look\n\n![Our bell](/a/{LARGE}/)", refers_to=ATTACHMENTS).excerpt == "Look [Our bell]"
    assert render(f"![](/a/{SMALL}/)", refers_to=ATTACHMENTS).excerpt == "[Picture]"


HOSTILE_IMAGES = [
    '<img src="https://evil.example/x.gif" alt="x">',
    '<img src="//evil.example/x.gif">',
    '<img src="/account/logout/">',
    f'<img src="/a/{LARGE}/../../account/">',
    f'<img src="/a/{LARGE}/" srcset="https://evil.example/x 1w">',
    f'<img src="/a/{LARGE}/" srcset="/a/{LARGE}/480/ 480w, https://evil.example/ 1440w">',
    f'<img src="/a/{LARGE}/" sizes="100vw" style="position: fixed" class="x" id="y" usemap="#z">',
    f'<img src="/a/{LARGE}/" onload="alert(1)" loading="eager" width="100%" height="1e9">',
    f'<img src="/a/{LARGE}/&#10;x">',
    f'<img src=" /a/{LARGE}/">',
]


@pytest.mark.parametrize("html", HOSTILE_IMAGES)
def test_each_sanitizer_alone_allows_only_own_pictures(html):
    for clean in (clean_with_bleach(html, "forum.example"), clean_with_nh3(html)):
        assert faults(clean) == []
        for word in ("evil", "account", "onload", "style", "class", "usemap", "eager", "100vw", "100%"):
            assert f"{word}" not in clean or "&lt;" in clean


def test_fault_check_detects_foreign_pictures():
    assert all(faults(html) for html in HOSTILE_IMAGES[:6])


@pytest.mark.slow
def test_xss_corpus_renders_no_pictures():
    for payload in PAYLOADS:
        assert not [
            element
            for element in elements(render(payload, refers_to=ATTACHMENTS).html)
            if element.tag == "img"
        ]
