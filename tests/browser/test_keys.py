"""Shortcuts on every keyboard layout, on a Mac, and with an input method."""

import pytest
from playwright.sync_api import Page, expect

from forum.models import Topic
from tests.browser.conftest import SitAt
from tests.browser.writing import area
from tests.conftest import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PRESS = """(field, key) => field.dispatchEvent(
  new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...key }))"""
ON_A_MAC = "Object.defineProperty(navigator, 'platform', { value: 'MacIntel' })"


def press(page: Page, **key: object) -> bool:
    """Returns whether the page left the key to the browser."""
    return area(page).evaluate(PRESS, key)


def on_a_mac(sit_at: SitAt, topic: Topic) -> Page:
    page = sit_at()
    page.add_init_script(ON_A_MAC)
    page.goto(topic.get_absolute_url())
    return page


@pytest.mark.parametrize(
    ("key", "code", "result"),
    [
        ("и", "KeyB", "**bold**"),  # Cyrillic
        ("И", "KeyB", "**bold**"),
        ("β", "KeyB", "**bold**"),  # Greek
        ("נ", "KeyB", "**bold**"),  # Hebrew
        ("لا", "KeyB", "**bold**"),  # Arabic, whose key writes two letters
        ("ш", "KeyI", "*italic*"),
        ("ı", "KeyI", "*italic*"),  # Turkish
        ("κ", "KeyK", "[text](https://)"),
    ],
)
def test_a_layout_without_latin_letters_has_the_same_shortcuts(page: Page, key: str, code: str, result: str):
    assert not press(page, key=key, code=code, ctrlKey=True)
    expect(area(page)).to_have_value(result)


@pytest.mark.parametrize(
    "key",
    [
        {"key": "x", "code": "KeyB", "ctrlKey": True},  # Dvorak: the letter counts, not the position
        {"key": "ç", "code": "KeyB", "ctrlKey": True},  # a Latin letter of another layout
        {"key": "Dead", "code": "KeyB", "ctrlKey": True},
        {"key": "”", "code": "KeyB", "ctrlKey": True, "altKey": True},  # AltGr on Windows
        {"key": "b", "code": "KeyB", "ctrlKey": True, "modifierAltGraph": True},  # AltGr on other systems
        {"key": "b", "code": "KeyB", "ctrlKey": True, "shiftKey": True},
        {"key": "b", "code": "KeyB", "metaKey": True},  # the system key
        {"key": "Enter", "code": "Enter", "metaKey": True},
        {"key": "и", "code": "KeyB"},
        {"key": "b", "code": "KeyB", "ctrlKey": True, "isComposing": True},
        {"key": "b", "code": "KeyB", "ctrlKey": True, "keyCode": 229},
    ],
)
def test_nothing_else_is_taken_for_one(page: Page, key: dict[str, object]):
    assert press(page, **key)
    expect(area(page)).to_have_value("")


def test_on_a_mac_it_is_the_command_key_and_control_moves_the_cursor(sit_at: SitAt, topic: Topic):
    page = on_a_mac(sit_at, topic)
    assert press(page, key="k", code="KeyK", ctrlKey=True)
    expect(area(page)).to_have_value("")
    assert not press(page, key="b", code="KeyB", metaKey=True)
    expect(area(page)).to_have_value("**bold**")
    bold = page.get_by_role("button", name="Bold")
    expect(bold).to_have_attribute("title", "Bold (⌘B)")
    expect(bold).to_have_attribute("aria-keyshortcuts", "Meta+B")


@pytest.mark.parametrize("sign", [{"isComposing": True}, {"keyCode": 229}], ids=["others", "Safari"])
@pytest.mark.parametrize("key", ["Enter", "Tab", "ArrowDown", "Escape"])
def test_a_key_of_an_input_method_takes_no_suggestion(page: Page, sign: dict[str, object], key: str):
    make_user("adele"), make_user("adam")
    area(page).press_sequentially("@ad")
    offered = page.get_by_role("listbox", name="Members").get_by_role("option")
    expect(offered).not_to_have_count(0)
    chosen = area(page).get_attribute("aria-activedescendant")
    assert press(page, key=key, **sign)
    expect(area(page)).to_have_value("@ad")
    assert area(page).get_attribute("aria-activedescendant") == chosen


def test_an_input_method_does_not_send_the_answer(page: Page, topic: Topic):
    area(page).fill("未完成")
    page.evaluate(
        "document.addEventListener('submit', (event) => { event.preventDefault(); window.sent = true; })"
    )
    press(page, key="Enter", ctrlKey=True, keyCode=229)
    press(page, key="Enter", ctrlKey=True, isComposing=True)
    assert not page.evaluate("window.sent ?? false")
    press(page, key="Enter", ctrlKey=True)
    assert page.evaluate("window.sent")


@pytest.mark.parametrize(("key", "code"), [("j", "KeyJ"), ("о", "KeyJ"), ("ξ", "KeyJ")])
def test_a_list_is_walked_by_the_same_key_on_every_layout(sit_at: SitAt, key: str, code: str):
    page = sit_at()
    page.goto("/")
    page.evaluate(
        """document.querySelector("main").innerHTML =
        "<ul data-rows><li><h2><a href='#a'>A</a></h2></li><li><h2><a href='#b'>B</a></h2></li></ul>" """
    )
    first = page.get_by_role("link", name="A", exact=True)
    first.focus()
    first.evaluate(PRESS, {"key": key, "code": code, "modifierAltGraph": True})
    expect(first).to_be_focused()
    first.evaluate(PRESS, {"key": key, "code": code})
    expect(page.get_by_role("link", name="B", exact=True)).to_be_focused()
