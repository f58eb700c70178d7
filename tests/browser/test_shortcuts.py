"""Shortcuts on every keyboard layout, on a Mac, and with an input method."""

import pytest
from playwright.sync_api import Page, expect

from forum.models import Topic
from tests.browser.composer_helpers import area
from tests.browser.conftest import OpenAsCleo
from tests.conftest import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DISPATCH_KEY = """(field, key) => field.dispatchEvent(
  new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...key }))"""
MAC_PLATFORM = "Object.defineProperty(navigator, 'platform', { value: 'MacIntel' })"


def press_key(page: Page, **key: object) -> bool:
    """Returns whether the page left the key to the browser."""
    return area(page).evaluate(DISPATCH_KEY, key)


def open_page_on_mac(open_as_cleo: OpenAsCleo, topic: Topic) -> Page:
    page = open_as_cleo()
    page.add_init_script(MAC_PLATFORM)
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
def test_shortcuts_work_on_non_latin_layouts(page: Page, key: str, code: str, result: str):
    assert not press_key(page, key=key, code=code, ctrlKey=True)
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
def test_other_key_combinations_are_not_shortcuts(page: Page, key: dict[str, object]):
    assert press_key(page, **key)
    expect(area(page)).to_have_value("")


def test_mac_shortcuts_use_command_key_only(open_as_cleo: OpenAsCleo, topic: Topic):
    page = open_page_on_mac(open_as_cleo, topic)
    assert press_key(page, key="k", code="KeyK", ctrlKey=True)
    expect(area(page)).to_have_value("")
    assert not press_key(page, key="b", code="KeyB", metaKey=True)
    expect(area(page)).to_have_value("**bold**")
    bold = page.get_by_role("button", name="Bold")
    expect(bold).to_have_attribute("title", "Bold (⌘B)")
    expect(bold).to_have_attribute("aria-keyshortcuts", "Meta+B")


@pytest.mark.parametrize("ime_marker", [{"isComposing": True}, {"keyCode": 229}], ids=["others", "Safari"])
@pytest.mark.parametrize("key", ["Enter", "Tab", "ArrowDown", "Escape"])
def test_input_method_key_does_not_accept_suggestion(page: Page, ime_marker: dict[str, object], key: str):
    make_user("adele"), make_user("adam")
    area(page).press_sequentially("@ad")
    offered = page.get_by_role("listbox", name="Members").get_by_role("option")
    expect(offered).not_to_have_count(0)
    chosen = area(page).get_attribute("aria-activedescendant")
    assert press_key(page, key=key, **ime_marker)
    expect(area(page)).to_have_value("@ad")
    assert area(page).get_attribute("aria-activedescendant") == chosen


def test_input_method_enter_does_not_submit_reply(page: Page, topic: Topic):
    area(page).fill("未完成")
    page.evaluate(
        "document.addEventListener('submit', (event) => { event.preventDefault(); window.sent = true; })"
    )
    press_key(page, key="Enter", ctrlKey=True, keyCode=229)
    press_key(page, key="Enter", ctrlKey=True, isComposing=True)
    assert not page.evaluate("window.sent ?? false")
    press_key(page, key="Enter", ctrlKey=True)
    assert page.evaluate("window.sent")


@pytest.mark.parametrize(("key", "code"), [("j", "KeyJ"), ("о", "KeyJ"), ("ξ", "KeyJ")])
def test_list_navigation_key_works_on_every_layout(open_as_cleo: OpenAsCleo, key: str, code: str):
    page = open_as_cleo()
    page.goto("/")
    page.evaluate(
        """document.querySelector("main").innerHTML =
        "<ul data-rows><li><h2><a href='#a'>A</a></h2></li><li><h2><a href='#b'>B</a></h2></li></ul>" """
    )
    first = page.get_by_role("link", name="A", exact=True)
    first.focus()
    first.evaluate(DISPATCH_KEY, {"key": key, "code": code, "modifierAltGraph": True})
    expect(first).to_be_focused()
    first.evaluate(DISPATCH_KEY, {"key": key, "code": code})
    expect(page.get_by_role("link", name="B", exact=True)).to_be_focused()
