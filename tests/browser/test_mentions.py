"""Members are suggested while a name is typed, by keyboard and by pointer; typing the whole name works as well."""

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from forum.models import Section
from tests.browser.conftest import SitDown
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


def typing(person: Person, topic, text: str) -> Locator:
    """The text area of the reply, with this typed into it."""
    person.sign_in()
    person.go(topic.get_absolute_url())
    area = person.page.get_by_label("Your reply")
    area.click()
    area.press_sequentially(text)
    return area


def offered(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Members").get_by_role("option")


def test_an_arrow_and_enter_take_a_name(sit_down: SitDown, topic):
    ben = sit_down("ben")
    area = typing(ben, topic, "Ask @ad")
    expect(offered(ben.page)).to_have_text(["Aadele", "Aada", "Aadam"])
    expect(area).to_have_attribute("aria-activedescendant", offered(ben.page).first.get_attribute("id") or "")
    ben.look_around()
    area.press("ArrowDown")
    area.press("ArrowDown")
    area.press("ArrowDown")  # wraps round to the first
    area.press("ArrowDown")
    expect(offered(ben.page).nth(1)).to_have_attribute("aria-selected", "true")
    area.press("Enter")
    expect(area).to_have_value("Ask @ada ")
    expect(offered(ben.page)).to_have_count(0)
    area.press_sequentially("and @adel")
    expect(offered(ben.page)).to_have_count(1)
    area.press("Tab")
    expect(area).to_have_value("Ask @ada and @adele ")
    expect(area).to_be_focused()
    ben.act("reply")
    expect(ben.last_post.get_by_role("link", name="@ada", exact=True)).to_have_attribute("href", "/u/ada/")


def test_a_tap_takes_one(sit_down: SitDown, topic):
    ben = sit_down("ben", viewport={"width": 390, "height": 844}, has_touch=True)
    area = typing(ben, topic, "Line\n" * 9 + "@ad")
    ben.look_around()
    box = offered(ben.page).nth(2).bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["x"] + box["width"] <= 390
    offered(ben.page).nth(2).tap()
    expect(area).to_have_value("Line\n" * 9 + "@adam ")
    expect(area).to_be_focused()


def test_escape_leaves_the_list_and_nothing_else(sit_down: SitDown, topic):
    ben = sit_down("ben")
    area = typing(ben, topic, "@ad")
    expect(offered(ben.page)).to_have_count(3)
    area.press("Escape")
    expect(offered(ben.page)).to_have_count(0)
    area.press_sequentially("a")
    ben.page.wait_for_timeout(300)
    expect(offered(ben.page)).to_have_count(0)
    area.press("Enter")
    expect(area).to_have_value("@ada\n")
    area.press_sequentially("@be")
    expect(offered(ben.page)).to_have_count(1)
    ben.page.get_by_role("heading", level=1).click()
    expect(offered(ben.page)).to_have_count(0)


def test_in_a_dialog_escape_closes_the_list_first(sit_down: SitDown, topic):
    ben = sit_down("ben")
    ben.sign_in()
    ben.go(topic.get_absolute_url())
    form = ben.open_form("edit", ben.page.locator("article").first)
    area = form.get_by_label("Text", exact=True)
    area.click()
    area.press("Control+End")
    area.press_sequentially(" @ad")
    expect(offered(ben.page)).to_have_count(3)
    ben.look_around()
    area.press("Escape")
    expect(offered(ben.page)).to_have_count(0)
    expect(form).to_be_visible()


def test_no_list_where_no_name_is_begun(sit_down: SitDown, topic):
    ben = sit_down("ben")
    asked: list[str] = []
    ben.page.on("request", lambda request: asked.append(request.url) if "suggest" in request.url else None)
    area = typing(ben, topic, "mail@ad x@ad.example https://a/@ad @ ")
    ben.page.wait_for_timeout(300)
    assert [address for address in asked if "q=&" not in address] == []
    expect(area).to_be_focused()


def test_names_are_offered_right_behind_a_letter_of_a_script_without_spaces(sit_down: SitDown, topic):
    ben = sit_down("ben")
    area = typing(ben, topic, "謝謝@adel")
    expect(offered(ben.page)).to_have_text(["Aadele"])
    area.press("Enter")
    expect(area).to_have_value("謝謝@adele ")
    area.press_sequentially("감사합니다@adel")
    expect(offered(ben.page)).to_have_text(["Aadele"])


def test_without_scripts_a_typed_name_is_a_mention(sit_down: SitDown, topic):
    ben = sit_down("ben", scripts=False)
    ben.sign_in()
    ben.go(topic.get_absolute_url())
    ben.answer("@ada knows.")
    expect(ben.last_post.get_by_role("link", name="@ada")).to_have_attribute("href", "/u/ada/")
    assert User.objects.get(name="ada").mentions.count() == 1
