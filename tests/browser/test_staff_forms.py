"""Staff forms with scripts: suggested names, checkboxes ticked together, fields of the right size."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Group
from forum.models import Section
from moderation.reports.report import report_post
from moderation.topics.pin import pin_topic
from tests.browser.test_page_layout import DESKTOP, PHONE
from tests.conftest import start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_page_as(open_browser, name: str, size=DESKTOP) -> Page:
    person = open_browser(name, viewport=size)
    person.sign_in()
    return person.page


def test_group_form_suggests_usernames(open_browser, noor, ada, ben):
    group = Group.objects.create(name="Testers")
    page = open_page_as(open_browser, "noor")
    page.goto(f"/manage/groups/{group.pk}/")
    field = page.get_by_label("Username")
    field.press_sequentially("ad")
    expect(page.locator("datalist option")).to_have_count(1)
    assert page.locator("datalist option").get_attribute("value") == "ada"
    field.fill("ada")
    page.get_by_role("button", name="Add member", exact=True).click()
    expect(page.get_by_role("link", name="ada")).to_be_visible()


def test_select_all_ticks_in_place_and_shows_count(open_browser, talk, topic, ada, mia):
    start(talk, ada, "Another")
    page = open_page_as(open_browser, "mia")
    page.goto("/s/talk/select/")
    told = page.locator("[data-ticked]")
    expect(told).to_have_text("0 of 2 selected")
    page.get_by_role("checkbox").first.check()
    expect(told).to_have_text("1 of 2 selected")
    page.get_by_role("link", name="Select all").click()
    expect(told).to_have_text("2 of 2 selected")
    assert page.url.endswith("/s/talk/select/")
    page.get_by_role("link", name="Select none").click()
    expect(told).to_have_text("0 of 2 selected")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_undo_button_stays_in_view_on_long_log(open_browser, talk, ada, mia, size, no_rate_limits):
    for number in range(12):
        pin_topic(topic=start(talk, ada, f"Topic {number}"), by=mia)
    page = open_page_as(open_browser, "mia", size)
    page.goto("/moderation/log/")
    assert page.evaluate("document.documentElement.scrollHeight > 1.5 * innerHeight")
    expect(page.get_by_role("button", name="Undo selected")).to_be_in_viewport(ratio=1)


def test_number_fields_are_narrow(open_browser, noor):
    page = open_page_as(open_browser, "noor")
    page.goto("/manage/new-members/")
    widths = page.locator("input[type=number]").evaluate_all("all => all.map((one) => one.offsetWidth)")
    assert widths
    assert max(widths) <= 160


def test_section_tables_are_aligned_and_spaced(open_browser, talk, news, noor):
    Section.objects.create(
        name="A much longer name of a section", slug="old", place=9, archived_at=timezone.now()
    )
    page = open_page_as(open_browser, "noor")
    page.goto("/manage/sections/")
    tables = page.locator("table.data")
    lefts = [
        tables.nth(number)
        .locator("thead th")
        .evaluate_all("all => all.map((one) => Math.round(one.getBoundingClientRect().left))")
        for number in range(2)
    ]
    assert lefts[0] == lefts[1]
    above, below = tables.nth(0).bounding_box(), tables.nth(1).bounding_box()
    assert below["y"] - (above["y"] + above["height"]) >= 24


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_topic_actions_form_even_columns(open_browser, topic, mia, size):
    page = open_page_as(open_browser, "mia", size)
    page.goto(topic.get_absolute_url())
    if size is PHONE:
        page.get_by_text("About this topic").click()
    boxes = page.locator(".rail .acts :is(a, button)").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect()).map((box) => [box.left, box.width].map(Math.round))"
    )
    assert len(boxes) >= 6
    assert len({left for left, _ in boxes}) == (1 if size is DESKTOP else 2)
    assert len({width for _, width in boxes}) == 1


def test_case_resolution_form_is_beside_evidence(open_browser, bens, ada, mia):
    case = report_post(post=bens, by=ada, reason="spam").case
    page = open_page_as(open_browser, "mia")
    page.goto(case.get_absolute_url())
    text = page.locator(".evidence").first.bounding_box()
    form = page.get_by_role("heading", name="Resolve case").bounding_box()
    assert form["x"] > text["x"] + text["width"]
    assert form["y"] < text["y"] + text["height"]
    expect(page.get_by_label("Remove the post", exact=True)).to_have_count(1)
    page.get_by_label("Suspend the author").check()
    expect(page.get_by_label("Also remove the post")).to_be_visible()
    lengths = page.get_by_label("Suspension ends after").locator("option").all_text_contents()
    assert lengths[-1] == "Permanent"


def test_report_state_is_spaced_below_title(open_browser, bens, ada):
    report_post(post=bens, by=ada, reason="spam")
    page = open_page_as(open_browser, "ada")
    page.goto("/reports/")
    title, mark = (
        page.locator(".case-row h2 a span").bounding_box(),
        page.locator(".case-row .state").bounding_box(),
    )
    assert mark["y"] - (title["y"] + title["height"]) >= 4


def test_end_date_field_appears_only_for_custom_date(open_browser, ben, mia):
    page = open_page_as(open_browser, "mia")
    page.goto("/moderation/members/ben/suspend/")
    date = page.get_by_label("End date (required)")
    expect(page.locator("input[name=date]")).to_be_hidden()
    page.get_by_label("Custom date").check()
    expect(date).to_be_visible()
    assert date.evaluate("field => field.required")
    page.get_by_label("Permanent").check()
    expect(page.locator("input[name=date]")).to_be_hidden()
