"""Selecting words of a post: a button beside them offers to quote them."""

import re

import pytest
from playwright.sync_api import Page, expect

from forum.models import Topic
from moderation.topics.close import close_topic
from tests.browser.composer_helpers import area
from tests.browser.conftest import OpenAsCleo
from tests.browser.person import axe_violations
from tests.browser.test_page_layout import DESKTOP, PHONE, SMALLEST_PHONE
from tests.browser.test_quote import SELECT_TEXT
from tests.conftest import reply_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def topic(topic: Topic, ben) -> Topic:
    reply_to(topic, ben, "We ring at *nine*, and then we go home for tea.\n\nOr at ten.")
    return topic


def quote_button(page: Page):
    return page.get_by_role("button", name="Quote selection")


def select_words(page: Page, topic: Topic, words: str = "nine") -> str:
    inside = f"#p{topic.posts.last().pk} .post-body"
    page.locator(inside).scroll_into_view_if_needed()
    page.evaluate(SELECT_TEXT, [inside, words, words])
    return inside


@pytest.mark.parametrize("size", [DESKTOP, PHONE, SMALLEST_PHONE], ids=["desk", "phone", "small"])
def test_quote_button_appears_at_selection_and_quotes_selection(open_as_cleo: OpenAsCleo, topic: Topic, size):
    page = open_as_cleo(size)
    page.goto(topic.get_absolute_url())
    select_words(page, topic)
    expect(quote_button(page)).to_be_in_viewport()
    box = quote_button(page).bounding_box()
    words = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")
    assert 0 <= box["y"] - words["bottom"] < 20
    assert abs(box["x"] + box["width"] / 2 - words["right"]) < 80
    assert (box["width"] >= 44, box["height"] >= 44) == (True, True)
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert axe_violations(page) == []
    quote_button(page).click()
    expect(area(page)).to_have_value(re.compile(r"^> \[ben wrote\]\(.*\):\n> \*?nine\*?\n\n$"))
    expect(area(page)).to_be_focused()
    expect(quote_button(page)).to_have_count(0)


def test_quote_button_is_next_tab_stop_after_selection(open_as_cleo: OpenAsCleo, topic: Topic):
    page = open_as_cleo()
    page.goto(topic.get_absolute_url())
    page.get_by_text("Or at ten.").dblclick(position={"x": 5, "y": 8})  # a word; Tab continues from there
    expect(quote_button(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(quote_button(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(area(page)).to_have_value(re.compile("> Or\n\n$"))


def test_quote_button_disappears_with_selection_or_escape(open_as_cleo: OpenAsCleo, topic: Topic):
    page = open_as_cleo()
    page.goto(topic.get_absolute_url())
    select_words(page, topic)
    expect(quote_button(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(quote_button(page)).to_have_count(0)
    select_words(page, topic, "ten")
    expect(quote_button(page)).to_be_visible()
    page.evaluate("getSelection().removeAllRanges()")
    expect(quote_button(page)).to_have_count(0)


def test_quote_button_does_not_appear_while_mouse_is_pressed(open_as_cleo: OpenAsCleo, topic: Topic):
    """There it could cover the pressed button, which would then get no click."""
    page = open_as_cleo()
    page.goto(topic.get_absolute_url())
    link = page.locator("article.post").last.get_by_role("link", name="Quote")
    link.hover()
    page.mouse.down()
    select_words(page, topic)
    page.evaluate("new Promise((done) => setTimeout(done, 250))")
    expect(quote_button(page)).to_have_count(0)
    page.mouse.up()
    expect(area(page)).to_have_value(re.compile(r"> \*?nine\*?\n\n$"))


def test_no_quote_button_for_selection_outside_posts(open_as_cleo: OpenAsCleo, topic: Topic):
    page = open_as_cleo()
    page.goto(topic.get_absolute_url())
    for inside, words in (("h1", "Slow search"), (".byline", "ada"), (".foot", "Times")):
        page.evaluate(SELECT_TEXT, [inside, words, words])
        page.evaluate("new Promise((done) => setTimeout(done, 250))")
        expect(quote_button(page)).to_have_count(0)


def test_no_quote_button_in_closed_topic(open_as_cleo: OpenAsCleo, topic: Topic, mia):
    close_topic(topic=topic, by=mia, reason="Done.")
    page = open_as_cleo()
    page.goto(topic.get_absolute_url())
    select_words(page, topic)
    page.evaluate("new Promise((done) => setTimeout(done, 250))")
    expect(quote_button(page)).to_have_count(0)


def test_quote_link_works_without_scripts(open_as_cleo: OpenAsCleo, topic: Topic):
    page = open_as_cleo(scripts=False)
    page.goto(topic.get_absolute_url())
    page.locator("article.post").last.get_by_role("link", name="Quote").click()
    expect(area(page)).to_have_value(re.compile("We ring at"))
