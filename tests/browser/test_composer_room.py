"""The composer has room to write, and its tools can attach files; the menu on a phone leaves nothing half covered."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SitAt
from tests.browser.person import faults_by_axe
from tests.browser.test_look import DESK, PHONE
from tests.browser.writing import area

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_text_has_seven_lines_of_room_and_grows(topic, sit_at: SitAt, size):
    page = sit_at(size)
    page.goto(topic.get_absolute_url())
    empty = area(page).bounding_box()
    assert empty is not None
    assert empty["height"] >= 200
    area(page).fill("A line.\n" * 20)
    full = area(page).bounding_box()
    assert full is not None
    assert full["height"] > empty["height"] * 1.5


def test_a_tool_attaches(page: Page):
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Attach files").click()
    chosen.value.set_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Notes"})
    expect(area(page)).to_have_value(re.compile("notes.txt"))


def test_the_menu_on_a_phone_covers_nothing_by_half(topic, sit_at: SitAt):
    page = sit_at(PHONE)
    page.goto(topic.get_absolute_url())
    page.locator(".menu > summary").click()
    expect(page.get_by_role("link", name="Profile")).to_be_visible()
    expect(page.get_by_role("link", name="Reply", exact=True)).to_be_hidden()
    assert faults_by_axe(page) == []
    page.locator(".menu > summary").click()
    expect(page.get_by_role("link", name="Reply", exact=True)).to_be_visible()
