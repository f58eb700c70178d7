"""Polls in a real browser: with and without JavaScript, on a desktop and on a phone."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from forum.models import Draft, Poll, Topic, Vote
from forum.polls.polls import PollTerms
from forum.polls.vote import vote
from tests.browser.person import Person, axe_violations
from tests.browser.test_page_layout import DESKTOP, PHONE, SMALL_TARGETS, SMALLEST_PHONE
from tests.conftest import start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPTIONS = (
    "Tea",
    "Coffee, and a long answer that says why it must be coffee and nothing else in the world",
    "Water",
)
OpenBrowserAsCleo = Callable[..., Person]


@pytest.fixture
def poll_topic(talk, ada, ben, mia) -> Topic:
    topic = start(
        talk, ada, "What do you drink?", "Say.", poll=PollTerms(OPTIONS, "At the gauge, I drink", days=7)
    )
    tea, coffee, _ = topic.poll.options.order_by("position")
    for by, option in ((ada, tea), (ben, coffee), (mia, tea)):
        vote(topic=topic, by=by, options=[option.pk])
    return topic


@pytest.fixture
def open_browser_as_cleo(open_browser, cleo) -> OpenBrowserAsCleo:
    def seat(**options: object) -> Person:
        person = open_browser("cleo", **options)
        person.sign_in()
        return person

    return seat


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_vote_can_be_cast_changed_and_retracted(poll_topic, open_browser_as_cleo, scripts):
    person = open_browser_as_cleo(viewport=PHONE, scripts=scripts)
    page = person.page
    page.goto(poll_topic.get_absolute_url())
    for option in OPTIONS[::2]:
        page.get_by_label(option, exact=True).check()
        person.act("vote")
        expect(page.locator("[data-act=unvote]")).to_be_visible()
        expect(page.locator(".votes b").nth(OPTIONS.index(option))).to_have_text(
            "3" if option == "Tea" else "1"
        )
        expect(page.get_by_label(option, exact=True)).to_be_checked()
        assert Vote.objects.get(member__name="cleo").option.text == option
    person.act("unvote")
    expect(page.locator("[data-act=unvote]")).to_have_count(0)
    assert Vote.objects.count() == 3


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_preview_shows_poll_without_enabled_controls(talk, open_browser_as_cleo, scripts):
    person = open_browser_as_cleo(viewport=PHONE, scripts=scripts)
    page = person.page
    page.goto("/s/talk/new/")
    page.get_by_label("Text", exact=True).fill("Say.")
    page.get_by_text("Add a poll").click()
    page.get_by_label("Options").fill("One\nTwo")
    person.act("preview")
    expect(page.locator(".preview .poll meter")).to_have_count(2)
    expect(page.locator(".preview .poll :is(input, button):enabled")).to_have_count(0)
    person.check_accessibility()
    if scripts:
        page.get_by_label("Options").fill("One\nTwo\nThree")
        expect(page.locator(".preview .poll meter")).to_have_count(3)
        person.act("preview")  # nothing is left to be saved on leaving
    page.get_by_label("Options").fill("")
    page.get_by_label("Text", exact=True).fill("")


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_invalid_poll_is_returned_and_valid_one_is_created(talk, open_browser_as_cleo, scripts):
    person = open_browser_as_cleo(viewport=DESKTOP, scripts=scripts)
    page = person.page
    page.goto("/s/talk/new/")
    page.get_by_label("Title").fill("Which?")
    page.get_by_label("Text", exact=True).fill("Say.")
    page.get_by_text("Add a poll").click()
    page.get_by_label("Options").fill("Only one")
    page.get_by_label("Votes are").select_option("secret")
    person.act("start")
    expect(page.get_by_label("Options")).to_have_value("Only one")
    expect(page.get_by_label("Votes are")).to_have_value("secret")
    person.faults = [fault for fault in person.faults if "422" not in fault]  # expected here
    page.get_by_label("Options").fill("One\nTwo")
    person.act("start")
    expect(page.locator(".poll meter")).to_have_count(2)
    assert Poll.objects.get().is_secret


def test_poll_draft_is_saved_and_continues_on_another_device(talk, open_browser_as_cleo):
    page = open_browser_as_cleo(viewport=DESKTOP).page
    page.goto("/s/talk/new/")
    page.get_by_text("Add a poll").click()
    page.get_by_label("Closes").select_option("7")
    page.get_by_label("Options").fill("Tea\nCoffee")
    expect(page.locator("[data-saved]")).to_have_text("Draft saved")
    assert Draft.objects.get().poll == {"poll_options": "Tea\nCoffee", "poll_days": "7"}
    other = open_browser_as_cleo(viewport=PHONE).page
    other.goto("/s/talk/new/")
    expect(other.get_by_label("Options")).to_have_value("Tea\nCoffee")
    expect(other.get_by_label("Closes")).to_have_value("7")
    version = Draft.objects.get().version
    other.wait_for_timeout(2_500)  # nothing was changed, so nothing is saved
    expect(other.locator("[data-saved]")).to_have_text("")
    assert Draft.objects.get().version == version


def find_faults(page: Page, name: str) -> list[str]:
    if folder := os.environ.get("BELFRY_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    faults = axe_violations(page)
    if page.viewport_size == PHONE:
        faults += page.evaluate(SMALL_TARGETS)
        page.set_viewport_size(SMALLEST_PHONE)
        if page.evaluate("document.documentElement.scrollWidth") > SMALLEST_PHONE["width"]:
            faults.append(f"{name} is too wide")
        page.set_viewport_size(PHONE)
    return faults


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_poll_pages_have_no_axe_violations_or_small_targets(
    poll_topic, open_browser_as_cleo, open_browser, size, theme
):
    name = f"{size['width']}-{theme}"
    person = open_browser_as_cleo(viewport=size, color_scheme=theme)
    page = person.page
    page.goto(poll_topic.get_absolute_url())
    page.get_by_label("Tea", exact=True).check()
    person.act("vote")
    expect(page.locator("[data-act=unvote]")).to_be_visible()
    page.locator(".poll summary").click()
    faults = find_faults(page, f"voted-{name}")
    page.goto("/s/talk/new/")
    page.get_by_text("Add a poll").click()
    faults += find_faults(page, f"new-{name}")
    guest = open_browser(viewport=size, color_scheme=theme).page
    guest.goto(poll_topic.get_absolute_url())
    faults += find_faults(guest, f"guest-{name}")
    Poll.objects.update(closes_at=poll_topic.started_at, is_secret=True)
    Topic.objects.update(version=99)
    page.goto(poll_topic.get_absolute_url())
    faults += find_faults(page, f"over-{name}")
    assert faults == []
