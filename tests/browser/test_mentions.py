"""Members are suggested while a name is typed, by keyboard and by pointer; typing the whole name works as well."""

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from forum.models import Section
from tests.browser.conftest import OpenBrowser
from tests.browser.person import Person
from tests.conftest import make_user, reply_to, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def topic():
    people = {name: make_user(name) for name in ("ada", "adam", "adele", "ben")}
    talk = Section.objects.create(name="Talk", slug="talk")
    topic = start(talk, people["ben"], "Who rings on Sunday?")
    reply_to(topic, people["adele"])
    return topic


def type_reply(person: Person, topic, text: str) -> Locator:
    """The text area of the reply, with this typed into it."""
    person.sign_in()
    person.go(topic.get_absolute_url())
    area = person.page.get_by_label("Your reply")
    area.click()
    area.press_sequentially(text)
    return area


def suggestions(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Members").get_by_role("option")


def test_suggestion_is_chosen_with_arrow_and_enter_or_tab(open_browser: OpenBrowser, topic):
    ben = open_browser("ben")
    area = type_reply(ben, topic, "Ask @ad")
    expect(suggestions(ben.page)).to_have_text(["Aadele", "Aada", "Aadam"])
    expect(area).to_have_attribute(
        "aria-activedescendant", suggestions(ben.page).first.get_attribute("id") or ""
    )
    ben.check_accessibility()
    area.press("ArrowDown")
    area.press("ArrowDown")
    area.press("ArrowDown")  # wraps round to the first
    area.press("ArrowDown")
    expect(suggestions(ben.page).nth(1)).to_have_attribute("aria-selected", "true")
    area.press("Enter")
    expect(area).to_have_value("Ask @ada ")
    expect(suggestions(ben.page)).to_have_count(0)
    area.press_sequentially("and @adel")
    expect(suggestions(ben.page)).to_have_count(1)
    area.press("Tab")
    expect(area).to_have_value("Ask @ada and @adele ")
    expect(area).to_be_focused()
    ben.act("reply")
    expect(ben.last_post.get_by_role("link", name="@ada", exact=True)).to_have_attribute("href", "/u/ada/")


def test_suggestion_is_chosen_by_tap(open_browser: OpenBrowser, topic):
    ben = open_browser("ben", viewport={"width": 390, "height": 844}, has_touch=True)
    area = type_reply(ben, topic, "Line\n" * 9 + "@ad")
    ben.check_accessibility()
    box = suggestions(ben.page).nth(2).bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["x"] + box["width"] <= 390
    suggestions(ben.page).nth(2).tap()
    expect(area).to_have_value("Line\n" * 9 + "@adam ")
    expect(area).to_be_focused()


def test_escape_closes_suggestions_until_next_mention(open_browser: OpenBrowser, topic):
    ben = open_browser("ben")
    area = type_reply(ben, topic, "@ad")
    expect(suggestions(ben.page)).to_have_count(3)
    area.press("Escape")
    expect(suggestions(ben.page)).to_have_count(0)
    area.press_sequentially("a")
    ben.page.wait_for_timeout(300)
    expect(suggestions(ben.page)).to_have_count(0)
    area.press("Enter")
    expect(area).to_have_value("@ada\n")
    area.press_sequentially("@be")
    expect(suggestions(ben.page)).to_have_count(1)
    ben.page.get_by_role("heading", level=1).click()
    expect(suggestions(ben.page)).to_have_count(0)


def test_escape_in_dialog_closes_suggestions_before_dialog(open_browser: OpenBrowser, topic):
    ben = open_browser("ben")
    ben.sign_in()
    ben.go(topic.get_absolute_url())
    form = ben.open_form("edit", ben.page.locator("article").first)
    area = form.get_by_label("Text", exact=True)
    area.click()
    area.press("Control+End")
    area.press_sequentially(" @ad")
    expect(suggestions(ben.page)).to_have_count(3)
    ben.check_accessibility()
    area.press("Escape")
    expect(suggestions(ben.page)).to_have_count(0)
    expect(form).to_be_visible()


def test_no_suggestions_outside_a_mention(open_browser: OpenBrowser, topic):
    ben = open_browser("ben")
    asked: list[str] = []
    ben.page.on("request", lambda request: asked.append(request.url) if "suggest" in request.url else None)
    area = type_reply(ben, topic, "mail@ad x@ad.example https://a/@ad @ ")
    ben.page.wait_for_timeout(300)
    assert [address for address in asked if "q=&" not in address] == []
    expect(area).to_be_focused()


def test_suggestions_appear_after_script_without_spaces(open_browser: OpenBrowser, topic):
    ben = open_browser("ben")
    area = type_reply(ben, topic, "謝謝@adel")
    expect(suggestions(ben.page)).to_have_text(["Aadele"])
    area.press("Enter")
    expect(area).to_have_value("謝謝@adele ")
    area.press_sequentially("감사합니다@adel")
    expect(suggestions(ben.page)).to_have_text(["Aadele"])


def test_typed_name_is_a_mention_without_scripts(open_browser: OpenBrowser, topic):
    ben = open_browser("ben", scripts=False)
    ben.sign_in()
    ben.go(topic.get_absolute_url())
    ben.post_reply("@ada knows.")
    expect(ben.last_post.get_by_role("link", name="@ada")).to_have_attribute("href", "/u/ada/")
    assert User.objects.get(name="ada").mentions.count() == 1
