"""Searching from any page, by keyboard and with options."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenBrowser
from tests.conftest import make_user, reply_to, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def topic(talk, news):
    topic = start(talk, make_user("ada"), "Slow bells", "They ring late.")
    reply_to(topic, make_user("ben"), "Mine ring early.")
    return topic


@pytest.mark.parametrize("scripts", [True, False])
def test_search_from_any_page(open_browser: OpenBrowser, topic, scripts):
    guest = open_browser(scripts=scripts)
    guest.go("/")
    page = guest.page
    if scripts:
        page.keyboard.press("/")
    else:
        page.get_by_role("searchbox").click()
    page.keyboard.type("ringing")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator(".hit mark")).to_have_text("ring")
    guest.check_accessibility()
    page.get_by_text("Options").click()
    page.get_by_label("Author").fill("ben")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_label("Author")).to_have_value("ben")
    expect(page.locator(".hit .excerpt")).to_have_text("Mine ring early.")
    guest.check_accessibility()
    page.get_by_role("link", name="Newest").click()
    expect(page.get_by_text("1 post", exact=True)).to_be_visible()


def test_slash_is_typed_into_fields(open_browser: OpenBrowser, topic):
    guest = open_browser()
    guest.go("/search/?q=zebra")
    guest.check_accessibility()
    field = guest.page.get_by_label("Search for")
    field.fill("a")
    field.press("/")
    expect(field).to_have_value("a/")


def test_phone_has_a_link_instead_of_the_field(open_browser: OpenBrowser, topic):
    guest = open_browser(viewport={"width": 390, "height": 800})
    guest.go("/")
    expect(guest.page.get_by_role("searchbox")).to_have_count(0)
    guest.page.locator(".to-search").click()
    guest.page.get_by_label("Search for").fill("bells")
    guest.page.get_by_role("button", name="Search").click()
    expect(guest.page.locator(".hit")).to_have_count(1)
    guest.check_accessibility()
