"""Enter in a one-line field submits its form, whatever buttons come before the submit button."""

import pytest
from playwright.sync_api import Page, expect

from forum.models import Draft, Post, Topic
from tests.browser.conftest import SitAt
from tests.conftest import reply_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def at(request, sit_at: SitAt) -> Page:
    return sit_at(scripts=request.param)


@pytest.mark.parametrize("field", ["Title", "Question"])
def test_in_a_field_of_a_new_topic_it_posts_the_topic(at: Page, talk, field: str):
    at.goto(f"{talk.get_absolute_url()}new/")
    at.get_by_label("Title").fill("Slow search")
    at.get_by_label("Text", exact=True).fill("It takes a minute.")
    at.get_by_text("Add a poll").click()
    at.get_by_label(field, exact=True).press("Enter")
    expect(at.get_by_role("heading", level=1)).to_have_text("Slow search")
    assert Topic.objects.get().title == "Slow search"
    assert not Draft.objects.exists()


def test_in_the_reason_of_an_edit_it_saves_the_edit(at: Page, topic: Topic, cleo):
    post = reply_to(topic, cleo, "Before.")
    at.goto(f"/p/{post.pk}/edit/")
    at.get_by_label("Text", exact=True).fill("After.")
    at.get_by_label("Reason").press("Enter")
    expect(at.locator(f"#p{post.pk} .post-body")).to_have_text("After.")
    assert Post.objects.get(pk=post.pk).body == "After."


def test_the_button_that_is_seen_says_that_it_is_on_its_way(sit_at: SitAt, talk):
    page = sit_at()
    page.goto(f"{talk.get_absolute_url()}new/")
    page.route(
        "**/new/",
        lambda route: route.fulfill(status=204) if route.request.method == "POST" else route.continue_(),
    )
    page.get_by_label("Title").fill("Slow search")
    page.get_by_label("Text", exact=True).fill("It takes a minute.")
    page.get_by_label("Title").press("Enter")
    expect(page.locator("[data-send]")).to_have_attribute("aria-disabled", "true")
