"""Enter in a one-line field submits its form, whatever buttons come before the submit button."""

import pytest
from playwright.sync_api import Page, expect

from forum.models import Draft, Post, Topic
from tests.browser.conftest import OpenAsCleo
from tests.conftest import reply_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def browser_page(request, open_as_cleo: OpenAsCleo) -> Page:
    return open_as_cleo(scripts=request.param)


@pytest.mark.parametrize("field", ["Title", "Question"])
def test_enter_in_new_topic_field_posts_topic(browser_page: Page, talk, field: str):
    browser_page.goto(f"{talk.get_absolute_url()}new/")
    browser_page.get_by_label("Title").fill("Slow search")
    browser_page.get_by_label("Text", exact=True).fill("It takes a minute.")
    browser_page.get_by_text("Add a poll").click()
    browser_page.get_by_label(field, exact=True).press("Enter")
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Slow search")
    assert Topic.objects.get().title == "Slow search"
    assert not Draft.objects.exists()


def test_enter_in_edit_reason_saves_edit(browser_page: Page, topic: Topic, cleo):
    post = reply_to(topic, cleo, "Before.")
    browser_page.goto(f"/p/{post.pk}/edit/")
    browser_page.get_by_label("Text", exact=True).fill("After.")
    browser_page.get_by_label("Reason").press("Enter")
    expect(browser_page.locator(f"#p{post.pk} .post-body")).to_have_text("After.")
    assert Post.objects.get(pk=post.pk).body == "After."


def test_enter_marks_visible_submit_button_as_busy(open_as_cleo: OpenAsCleo, talk):
    page = open_as_cleo()
    page.goto(f"{talk.get_absolute_url()}new/")
    page.route(
        "**/new/",
        lambda route: route.fulfill(status=204) if route.request.method == "POST" else route.continue_(),
    )
    page.get_by_label("Title").fill("Slow search")
    page.get_by_label("Text", exact=True).fill("It takes a minute.")
    page.get_by_label("Title").press("Enter")
    expect(page.locator("[data-send]")).to_have_attribute("aria-disabled", "true")
