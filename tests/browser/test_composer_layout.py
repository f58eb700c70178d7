"""The composer has room to write, and its tools can attach files; the menu on a phone leaves nothing half covered."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.composer_helpers import area
from tests.browser.conftest import OpenAsCleo
from tests.browser.person import axe_violations
from tests.browser.test_page_layout import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_text_area_is_seven_lines_high_and_grows(topic, open_as_cleo: OpenAsCleo, size):
    page = open_as_cleo(size)
    page.goto(topic.get_absolute_url())
    empty = area(page).bounding_box()
    assert empty is not None
    assert empty["height"] >= 200
    area(page).fill("A line.\n" * 20)
    full = area(page).bounding_box()
    assert full is not None
    assert full["height"] > empty["height"] * 1.5


def test_toolbar_button_attaches_file(page: Page):
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Attach files").click()
    chosen.value.set_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Notes"})
    expect(area(page)).to_have_value(re.compile("notes.txt"))


def test_open_menu_on_phone_hides_reply_link(topic, open_as_cleo: OpenAsCleo):
    page = open_as_cleo(PHONE)
    page.goto(topic.get_absolute_url())
    page.locator(".menu > summary").click()
    expect(page.get_by_role("link", name="Profile")).to_be_visible()
    expect(page.get_by_role("link", name="Reply", exact=True)).to_be_hidden()
    assert axe_violations(page) == []
    page.locator(".menu > summary").click()
    expect(page.get_by_role("link", name="Reply", exact=True)).to_be_visible()
