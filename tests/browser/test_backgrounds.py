"""Posts on other backgrounds: printed, highlighted as a link's target, and pictures with transparency."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from forum.models import Post, Topic
from tests.browser.conftest import OpenAsCleo
from tests.conftest import reply_to
from tests.site.test_contrast import contrast
from tests.support.attachments import attach, attachment_dir  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT_AFTER_LINKS = """() => Object.fromEntries([...document.querySelectorAll(".post-body a")].map((link) =>
  [link.textContent, getComputedStyle(link, "::after").content]))"""
HEX = """(colour) => "#" + colour.match(/\\d+/g).slice(0, 3).map((n) => (+n).toString(16).padStart(2, "0")).join("")"""


def background_color(page: Page, selector: str) -> str:
    colour = page.locator(selector).first.evaluate("(one) => getComputedStyle(one).backgroundColor")
    return page.evaluate(HEX, colour)


def test_printed_link_shows_its_url_once(open_as_cleo: OpenAsCleo, topic: Topic, ben):
    reply_to(
        topic,
        ben,
        "See https://a.example/b?x=1&y=2 and <https://b.example/> and www.c.example and [this](https://d.example/e)"
        " and [https://good.example/](https://other.example/) and https://e.example/%C3%BC",
    )
    reply_to(topic, ben, "> See https://q.example/")
    page = open_as_cleo()
    page.goto(topic.get_absolute_url())
    page.emulate_media(media="print")
    said = {
        words.removeprefix("https://").rstrip("/"): after
        for words, after in page.evaluate(TEXT_AFTER_LINKS).items()
    }
    nothing = {words for words, after in said.items() if after == "none"}
    assert nothing == {"a.example/b?x=1&y=2", "b.example", "www.c.example", "e.example/%C3%BC", "q.example"}
    assert "https://d.example/e" in said["this"]
    assert "https://other.example/" in said["good.example"]  # its text is another URL


def test_print_hides_controls_and_unfolds_thanks(open_as_cleo: OpenAsCleo, topic: Topic, ben):
    for _ in range(3):
        reply_to(topic, ben, "Thank you!")
    page = open_as_cleo()
    page.goto(topic.get_absolute_url())
    page.emulate_media(media="print")
    for selector in (".composer", ".acts", ".foot form", ".bar nav", "a[href='#reply']", ".feeds", ".rail"):
        for one in page.locator(selector).all():
            expect(one).to_be_hidden()
    for thanks in page.locator(".thanks .post-body").all():
        expect(thanks).to_be_visible()
    page.context.clear_cookies()
    page.goto(topic.get_absolute_url())
    invitation = page.locator("main").get_by_text("to reply.")
    expect(invitation).to_have_count(1)
    expect(invitation).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_code_contrasts_with_highlighted_target_post(open_as_cleo: OpenAsCleo, topic: Topic, ben, theme: str):
    post = reply_to(topic, ben, "Some `code`.\n\n```\nmake run\n```\n\n> A quote.")
    page = open_as_cleo(theme=theme)
    page.goto(f"{topic.get_absolute_url()}#p{post.pk}")
    target = background_color(page, f"#p{post.pk}")
    for selector in ("pre", ":not(pre) > code"):
        assert contrast(background_color(page, f"#p{post.pk} {selector}"), target) > 1.05
    assert target != background_color(page, "body")
    bar = page.locator(f"#p{post.pk}").evaluate("(one) => getComputedStyle(one, '::before').backgroundColor")
    assert contrast(page.evaluate(HEX, bar), target) >= 3


def transparent_png() -> bytes:
    """A black drawing on a transparent background."""
    image, stored = Image.new("RGBA", (200, 100), (0, 0, 0, 0)), BytesIO()
    image.paste((0, 0, 0, 255), (50, 25, 150, 75))
    image.save(stored, "PNG")
    return stored.getvalue()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_transparent_drawing_is_visible(open_as_cleo: OpenAsCleo, topic: Topic, ben, attach, theme: str):  # noqa: F811
    sent = attach(ben, "drawing.png", transparent_png())
    post: Post = reply_to(topic, ben, sent.markdown)
    page = open_as_cleo(theme=theme)
    page.goto(post.get_absolute_url())
    picture = page.locator(f"#p{post.pk} .post-body img")
    expect(picture).to_be_visible()
    assert contrast(background_color(page, f"#p{post.pk} .post-body img"), "#000000") >= 15
