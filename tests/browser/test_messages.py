"""A message appears beside what it is about, covers nothing, can be closed, and disappears if it was good news."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from forum.models import Topic
from notifications.inbox.notify import notify
from tests.browser.conftest import OpenAsCleo
from tests.browser.person import axe_violations
from tests.browser.test_page_layout import DESKTOP, PHONE
from tests.conftest import browser_of, reply_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG_TEXT = "Line after line. " * 60
# As the form of its dialog is sent without scripts.
SUBMIT_REPORT = """(post) => {
  const form = post.querySelector("[data-act=save]").form;
  form.action = form.action.replace("/save/", "/report/");
  for (const [name, value] of [["reason", "spam"], ["version", "1"]]) {
    form.append(Object.assign(document.createElement("input"), { name, value }));
  }
  form.submit();
}"""


@pytest.fixture
def long_topic(topic: Topic, ben: User) -> Topic:
    for _ in range(6):
        reply_to(topic, ben, LONG_TEXT)
    return topic


def report_fifth_post(page: Page, topic: Topic) -> tuple[Locator, Locator]:
    """Reports the post, which shows a message. Returns the message and the post."""
    page.clock.install()
    page.goto(topic.get_absolute_url())
    post = page.locator("article.post").nth(4)
    number = post.get_attribute("id")
    post.evaluate(SUBMIT_REPORT)
    expect(page).to_have_url(re.compile(f"#{number}$"))
    return page.get_by_text("Thank you for your report."), page.locator(f"#{number}")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_message_appears_above_its_post_without_covering(open_as_cleo: OpenAsCleo, long_topic: Topic, size):
    page = open_as_cleo(size)
    message, post = report_fifth_post(page, long_topic)
    expect(message).to_be_in_viewport()
    expect(post.locator(".byline")).to_be_in_viewport()
    said, below = page.locator(".messages").bounding_box(), post.bounding_box()
    assert said["y"] + said["height"] <= below["y"] + 1
    page.mouse.wheel(0, 300)
    expect(message).not_to_be_in_viewport()  # it disappears with its post
    assert axe_violations(page) == []


def test_success_message_disappears_after_reading_time(open_as_cleo: OpenAsCleo, long_topic: Topic):
    page = open_as_cleo()
    message, post = report_fifth_post(page, long_topic)
    page.clock.run_for(4000)
    expect(message).to_be_visible()
    at = post.bounding_box()["y"]
    page.clock.run_for(20000)
    expect(message).to_have_count(0)
    assert abs(post.bounding_box()["y"] - at) < 2  # and what the reader looks at does not move


def test_success_message_stays_while_hovered(open_as_cleo: OpenAsCleo, long_topic: Topic):
    page = open_as_cleo()
    message, _ = report_fifth_post(page, long_topic)
    message.hover()
    page.clock.run_for(60000)
    expect(message).to_be_visible()
    page.mouse.move(0, 0)
    page.clock.run_for(20000)
    expect(message).to_have_count(0)


def test_message_can_be_closed_by_keyboard(open_as_cleo: OpenAsCleo, long_topic: Topic):
    page = open_as_cleo()
    message, _ = report_fifth_post(page, long_topic)
    close = page.get_by_role("button", name="Close this message")
    assert close.bounding_box()["height"] >= 44
    close.focus()
    page.keyboard.press("Enter")
    expect(message).to_have_count(0)
    assert page.evaluate("document.activeElement.id") == "main"


def test_warning_message_stays_until_closed(open_as_cleo: OpenAsCleo, mia: User, site: str):
    page = open_as_cleo()
    session = browser_of(mia).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    page.clock.install()
    page.goto("/moderation/waiting/")
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    page.evaluate(
        """(token) => { const form = Object.assign(document.createElement("form"),
          { method: "post", action: "/moderation/waiting/let-in/" });
          form.innerHTML = `<input name="csrfmiddlewaretoken" value="${token}">`;
          document.body.append(form); form.submit(); }""",
        token,
    )
    warning = page.get_by_text("Select at least one post first.")
    expect(warning).to_be_visible()
    page.clock.run_for(600_000)
    expect(warning).to_be_visible()
    page.get_by_role("button", name="Close this message").click()
    expect(warning).to_have_count(0)


def test_message_without_scripts_is_static_above_content(open_as_cleo: OpenAsCleo, cleo: User):
    notify(member=cleo, text="Look.")
    page = open_as_cleo(scripts=False)
    page.goto("/inbox/")
    page.get_by_role("button", name="Mark all as read").click()
    message = page.get_by_text("All notifications marked as read.")
    expect(message).to_be_visible()
    expect(page.get_by_role("button", name="Close this message")).to_have_count(0)
    assert page.locator(".messages").evaluate("(box) => getComputedStyle(box).position") == "static"
    said, main = page.locator(".messages").bounding_box(), page.locator("main").bounding_box()
    assert said["y"] + said["height"] <= main["y"] + 1


def test_notification_marked_as_read_shows_message_in_its_row(open_as_cleo: OpenAsCleo, cleo: User):
    notices = [notify(member=cleo, text=f"Number {number}. {LONG_TEXT}"[:400]) for number in range(12)]
    page = open_as_cleo()
    page.goto("/inbox/")
    row = page.locator(f"#n{notices[2].pk}")
    row.get_by_role("button", name="Mark as read").click()
    expect(row.get_by_text("Marked as read.")).to_be_in_viewport()
    expect(row.get_by_role("button", name="Mark as unread")).to_be_visible()
    assert axe_violations(page) == []
