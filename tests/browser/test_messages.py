"""A message appears beside what it is about, covers nothing, can be closed, and disappears if it was good news."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from forum.models import Topic
from notifications.inbox.notify import notify
from tests.browser.conftest import SitAt
from tests.browser.person import faults_by_axe
from tests.browser.test_look import DESK, PHONE
from tests.conftest import browser_of, reply_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Line after line. " * 60
# As the form of its dialog is sent without scripts.
REPORT = """(post) => {
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
        reply_to(topic, ben, LONG)
    return topic


def act_on_the_fifth(page: Page, topic: Topic) -> tuple[Locator, Locator]:
    """Reports the post, which shows a message. Returns the message and the post."""
    page.clock.install()
    page.goto(topic.get_absolute_url())
    post = page.locator("article.post").nth(4)
    number = post.get_attribute("id")
    post.evaluate(REPORT)
    expect(page).to_have_url(re.compile(f"#{number}$"))
    return page.get_by_text("Thank you for your report."), page.locator(f"#{number}")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_it_stands_above_its_post_and_covers_nothing(sit_at: SitAt, long_topic: Topic, size):
    page = sit_at(size)
    message, post = act_on_the_fifth(page, long_topic)
    expect(message).to_be_in_viewport()
    expect(post.locator(".byline")).to_be_in_viewport()
    said, below = page.locator(".messages").bounding_box(), post.bounding_box()
    assert said["y"] + said["height"] <= below["y"] + 1
    page.mouse.wheel(0, 300)
    expect(message).not_to_be_in_viewport()  # it disappears with its post
    assert faults_by_axe(page) == []


def test_good_news_go_by_themselves_when_there_was_time_to_read(sit_at: SitAt, long_topic: Topic):
    page = sit_at()
    message, post = act_on_the_fifth(page, long_topic)
    page.clock.run_for(4000)
    expect(message).to_be_visible()
    at = post.bounding_box()["y"]
    page.clock.run_for(20000)
    expect(message).to_have_count(0)
    assert abs(post.bounding_box()["y"] - at) < 2  # and what the reader looks at does not move


def test_not_while_one_points_at_it(sit_at: SitAt, long_topic: Topic):
    page = sit_at()
    message, _ = act_on_the_fifth(page, long_topic)
    message.hover()
    page.clock.run_for(60000)
    expect(message).to_be_visible()
    page.mouse.move(0, 0)
    page.clock.run_for(20000)
    expect(message).to_have_count(0)


def test_it_can_be_closed_by_keyboard(sit_at: SitAt, long_topic: Topic):
    page = sit_at()
    message, _ = act_on_the_fifth(page, long_topic)
    close = page.get_by_role("button", name="Close this message")
    assert close.bounding_box()["height"] >= 44
    close.focus()
    page.keyboard.press("Enter")
    expect(message).to_have_count(0)
    assert page.evaluate("document.activeElement.id") == "main"


def test_what_went_wrong_stays(sit_at: SitAt, mia: User, site: str):
    page = sit_at()
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


def test_without_scripts_it_stands_in_the_page(sit_at: SitAt, cleo: User):
    notify(member=cleo, text="Look.")
    page = sit_at(scripts=False)
    page.goto("/inbox/")
    page.get_by_role("button", name="Mark all as read").click()
    message = page.get_by_text("All notifications marked as read.")
    expect(message).to_be_visible()
    expect(page.get_by_role("button", name="Close this message")).to_have_count(0)
    assert page.locator(".messages").evaluate("(box) => getComputedStyle(box).position") == "static"
    said, main = page.locator(".messages").bounding_box(), page.locator("main").bounding_box()
    assert said["y"] + said["height"] <= main["y"] + 1


def test_a_notice_marked_in_its_list_says_so_there(sit_at: SitAt, cleo: User):
    notices = [notify(member=cleo, text=f"Number {number}. {LONG}"[:400]) for number in range(12)]
    page = sit_at()
    page.goto("/inbox/")
    row = page.locator(f"#n{notices[2].pk}")
    row.get_by_role("button", name="Mark as read").click()
    expect(row.get_by_text("Marked as read.")).to_be_in_viewport()
    expect(row.get_by_role("button", name="Mark as unread")).to_be_visible()
    assert faults_by_axe(page) == []
