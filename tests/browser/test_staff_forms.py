"""Staff forms with scripts: suggested names, checkboxes ticked together, fields of the right size."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Group
from forum.models import Section
from moderation.reports.report import report_post
from moderation.topics.pin import pin_topic
from tests.browser.test_look import DESK, PHONE
from tests.conftest import start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def page_of(sit_down, name: str, size=DESK) -> Page:
    person = sit_down(name, viewport=size)
    person.sign_in()
    return person.page


def test_names_to_choose_from_when_somebody_joins_a_group(sit_down, noor, ada, ben):
    group = Group.objects.create(name="Testers")
    page = page_of(sit_down, "noor")
    page.goto(f"/manage/groups/{group.pk}/")
    field = page.get_by_label("Username")
    field.press_sequentially("ad")
    expect(page.locator("datalist option")).to_have_count(1)
    assert page.locator("datalist option").get_attribute("value") == "ada"
    field.fill("ada")
    page.get_by_role("button", name="Add member", exact=True).click()
    expect(page.get_by_role("link", name="ada")).to_be_visible()


def test_all_boxes_in_place_and_how_many_are_ticked(sit_down, talk, topic, ada, mia):
    start(talk, ada, "Another")
    page = page_of(sit_down, "mia")
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


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_button_of_the_log_is_in_sight_however_long_the_log(sit_down, talk, ada, mia, size, monkeypatch):
    monkeypatch.setattr("accounts.rate_limiting.limits.count_action", lambda *args, **kwargs: None)
    for number in range(12):
        pin_topic(topic=start(talk, ada, f"Topic {number}"), by=mia)
    page = page_of(sit_down, "mia", size)
    page.goto("/moderation/log/")
    assert page.evaluate("document.documentElement.scrollHeight > 1.5 * innerHeight")
    expect(page.get_by_role("button", name="Undo selected")).to_be_in_viewport(ratio=1)


def test_numbers_have_narrow_fields(sit_down, noor):
    page = page_of(sit_down, "noor")
    page.goto("/manage/new-members/")
    widths = page.locator("input[type=number]").evaluate_all("all => all.map((one) => one.offsetWidth)")
    assert widths
    assert max(widths) <= 160


def test_two_tables_of_sections_agree_and_stand_apart(sit_down, talk, news, noor):
    Section.objects.create(
        name="A much longer name of a section", slug="old", place=9, archived_at=timezone.now()
    )
    page = page_of(sit_down, "noor")
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


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_acts_on_a_topic_stand_in_even_columns(sit_down, topic, mia, size):
    page = page_of(sit_down, "mia", size)
    page.goto(topic.get_absolute_url())
    if size is PHONE:
        page.get_by_text("About this topic").click()
    boxes = page.locator(".rail .acts :is(a, button)").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect()).map((box) => [box.left, box.width].map(Math.round))"
    )
    assert len(boxes) >= 6
    assert len({left for left, _ in boxes}) == (1 if size is DESK else 2)
    assert len({width for _, width in boxes}) == 1


def test_the_decision_stands_beside_the_text(sit_down, bens, ada, mia):
    case = report_post(post=bens, by=ada, reason="spam").case
    page = page_of(sit_down, "mia")
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


def test_the_mark_of_a_report_is_clear_of_its_title(sit_down, bens, ada):
    report_post(post=bens, by=ada, reason="spam")
    page = page_of(sit_down, "ada")
    page.goto("/reports/")
    title, mark = (
        page.locator(".case-row h2 a span").bounding_box(),
        page.locator(".case-row .state").bounding_box(),
    )
    assert mark["y"] - (title["y"] + title["height"]) >= 4


def test_a_date_is_asked_for_only_where_it_is_meant(sit_down, ben, mia):
    page = page_of(sit_down, "mia")
    page.goto("/moderation/members/ben/suspend/")
    date = page.get_by_label("End date (required)")
    expect(page.locator("input[name=date]")).to_be_hidden()
    page.get_by_label("Custom date").check()
    expect(date).to_be_visible()
    assert date.evaluate("field => field.required")
    page.get_by_label("Permanent").check()
    expect(page.locator("input[name=date]")).to_be_hidden()
