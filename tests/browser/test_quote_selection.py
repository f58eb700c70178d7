"""Selecting words of a post: a button beside them offers to quote them."""

import re

import pytest
from playwright.sync_api import Page, expect

from forum.models import Topic
from moderation.topics.close import close_topic
from tests.browser.conftest import SitAt
from tests.browser.person import faults_by_axe
from tests.browser.test_look import DESK, PHONE, SMALLEST
from tests.browser.test_quote import SELECT
from tests.browser.writing import area
from tests.conftest import reply_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def topic(topic: Topic, ben) -> Topic:
    reply_to(topic, ben, "We ring at *nine*, and then we go home for tea.\n\nOr at ten.")
    return topic


def offer(page: Page):
    return page.get_by_role("button", name="Quote selection")


def select(page: Page, topic: Topic, words: str = "nine") -> str:
    inside = f"#p{topic.posts.last().pk} .post-body"
    page.locator(inside).scroll_into_view_if_needed()
    page.evaluate(SELECT, [inside, words, words])
    return inside


@pytest.mark.parametrize("size", [DESK, PHONE, SMALLEST], ids=["desk", "phone", "small"])
def test_it_stands_at_the_selection_and_quotes_it(sit_at: SitAt, topic: Topic, size):
    page = sit_at(size)
    page.goto(topic.get_absolute_url())
    select(page, topic)
    expect(offer(page)).to_be_in_viewport()
    box = offer(page).bounding_box()
    words = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")
    assert 0 <= box["y"] - words["bottom"] < 20
    assert abs(box["x"] + box["width"] / 2 - words["right"]) < 80
    assert (box["width"] >= 44, box["height"] >= 44) == (True, True)
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert faults_by_axe(page) == []
    offer(page).click()
    expect(area(page)).to_have_value(re.compile(r"^> \[ben wrote\]\(.*\):\n> \*?nine\*?\n\n$"))
    expect(area(page)).to_be_focused()
    expect(offer(page)).to_have_count(0)


def test_by_keyboard_it_is_the_next_stop_after_the_text(sit_at: SitAt, topic: Topic):
    page = sit_at()
    page.goto(topic.get_absolute_url())
    page.get_by_text("Or at ten.").dblclick(position={"x": 5, "y": 8})  # a word; Tab continues from there
    expect(offer(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(offer(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(area(page)).to_have_value(re.compile("> Or\n\n$"))


def test_it_goes_with_the_selection_and_by_escape(sit_at: SitAt, topic: Topic):
    page = sit_at()
    page.goto(topic.get_absolute_url())
    select(page, topic)
    expect(offer(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(offer(page)).to_have_count(0)
    select(page, topic, "ten")
    expect(offer(page)).to_be_visible()
    page.evaluate("getSelection().removeAllRanges()")
    expect(offer(page)).to_have_count(0)


def test_it_does_not_come_between_press_and_release_of_the_posts_own_quote(sit_at: SitAt, topic: Topic):
    """There it could cover the pressed button, which would then get no click."""
    page = sit_at()
    page.goto(topic.get_absolute_url())
    link = page.locator("article.post").last.get_by_role("link", name="Quote")
    link.hover()
    page.mouse.down()
    select(page, topic)
    page.wait_for_function("new Promise((done) => setTimeout(() => done(true), 250))")
    expect(offer(page)).to_have_count(0)
    page.mouse.up()
    expect(area(page)).to_have_value(re.compile(r"> \*?nine\*?\n\n$"))


def test_nothing_else_that_is_selected_brings_it(sit_at: SitAt, topic: Topic):
    page = sit_at()
    page.goto(topic.get_absolute_url())
    for inside, words in (("h1", "Slow search"), (".byline", "ada"), (".foot", "Times")):
        page.evaluate(SELECT, [inside, words, words])
        page.wait_for_function("new Promise((done) => setTimeout(() => done(true), 250))")
        expect(offer(page)).to_have_count(0)


def test_not_where_nobody_can_answer(sit_at: SitAt, topic: Topic, mia):
    close_topic(topic=topic, by=mia, reason="Done.")
    page = sit_at()
    page.goto(topic.get_absolute_url())
    select(page, topic)
    page.wait_for_function("new Promise((done) => setTimeout(() => done(true), 250))")
    expect(offer(page)).to_have_count(0)


def test_without_scripts_the_link_below_the_post_stays(sit_at: SitAt, topic: Topic):
    page = sit_at(scripts=False)
    page.goto(topic.get_absolute_url())
    page.locator("article.post").last.get_by_role("link", name="Quote").click()
    expect(area(page)).to_have_value(re.compile("We ring at"))
