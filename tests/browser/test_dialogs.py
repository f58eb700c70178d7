"""The dialogs over a page: axe finds nothing, and nothing needs a mouse."""

import pytest
from playwright.sync_api import Page, expect

from forum.models import Post
from tests.browser.person import Person, axe_violations
from tests.browser.test_page_layout import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

POST_ACTIONS = ["edit", "report", "highlight", "remove"]
TOPIC_ACTIONS = ["retitle", "close"]
DESCRIBE_FOCUS = """() => {
  const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
  return {
    act: element.dataset.act ?? "", name: element.getAttribute("name") ?? "", words: element.textContent.trim(),
    shows: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inView: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


def tab_to(page: Page, *, key: str = "Tab", most: int = 60, **wanted: str) -> None:
    """Presses Tab until the wanted element has the focus; on the way, the focus must always be visible."""
    for _ in range(most):
        page.keyboard.press(key)
        focus = page.evaluate(DESCRIBE_FOCUS)
        assert focus["shows"], f"no mark of the focus: {focus}"
        assert focus["inView"], f"the focus is out of sight: {focus}"
        if all(focus[kind] == value for kind, value in wanted.items()):
            return
    raise AssertionError(f"{wanted} cannot be reached by {key}")


@pytest.fixture
def open_signed_in_browser(open_browser):
    def seat(name: str, **options: object) -> Person:
        person = open_browser(name, **options)
        person.sign_in()
        return person

    return seat


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desk"])
def test_dialogs_have_no_axe_violations(open_signed_in_browser, topic, bens: Post, noor, size, theme):
    page = open_signed_in_browser("noor", viewport=size, color_scheme=theme).page
    page.goto(topic.get_absolute_url())
    if size is PHONE:
        page.get_by_text("About this topic").click()
    faults = []
    for act in POST_ACTIONS + TOPIC_ACTIONS:
        opener = (page.locator(f"#p{bens.pk}") if act in POST_ACTIONS else page).locator(f"a[data-act={act}]")
        opener.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        faults += [f"{act}: {fault}" for fault in axe_violations(page)]
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(opener).to_be_focused()
    assert faults == []


def test_reply_can_be_posted_by_keyboard(open_signed_in_browser, topic, ada):
    page = open_signed_in_browser("ada").page
    page.goto(topic.get_absolute_url())
    tab_to(page, words="Skip to content", most=1)
    page.keyboard.press("Enter")
    tab_to(page, name="body")
    page.keyboard.type("By **keyboard** alone.")
    tab_to(page, act="reply", most=3)
    page.keyboard.press("Enter")
    expect(page.locator("article.post").last.locator("strong")).to_have_text("keyboard")


def test_post_can_be_reported_by_keyboard(open_signed_in_browser, topic, bens: Post, ada):
    page = open_signed_in_browser("ada").page
    page.goto(topic.get_absolute_url())
    tab_to(page, act="report")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Report post")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("dialog => dialog.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator(f"#p{bens.pk} [data-act=report]")).to_be_focused()

    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    expect(dialog.locator("[name=reason]").first).to_be_focused()  # the first thing to fill in
    page.keyboard.press("Space")
    tab_to(page, act="report")
    page.keyboard.press("Enter")
    expect(page.locator(".messages[role=status]")).to_contain_text("Thank you for your report")
    assert bens.cases.get().reports.get().reporter == ada


def test_dialog_traps_focus(open_signed_in_browser, topic, original: Post, ada):
    page = open_signed_in_browser("ada").page
    page.goto(topic.get_absolute_url())
    page.locator(f"#p{original.pk} [data-act=edit]").click()
    dialog = page.get_by_role("dialog", name="Edit post")
    expect(dialog).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = (
            "dialog => dialog.contains(document.activeElement) || document.activeElement === document.body"
        )
        assert dialog.evaluate(inside)


ACTION_BAR_GAPS = """() => {
  const dialog = document.querySelector("dialog[open]").getBoundingClientRect();
  const bar = document.querySelector("dialog[open] form > .actions").getBoundingClientRect();
  return [dialog.bottom - bar.bottom, bar.left - dialog.left, dialog.right - bar.right].map(Math.round);
}"""


@pytest.mark.parametrize(
    "size", [{"width": 320, "height": 568}, PHONE, DESKTOP], ids=["small", "phone", "desk"]
)
@pytest.mark.parametrize("act", ["report", "edit"])
def test_dialog_buttons_stay_flush_with_edges(
    open_signed_in_browser, topic, bens: Post, noor, size, act: str
):
    """At every scroll position, nothing shows beside or below them."""
    Post.objects.filter(pk=bens.pk).update(body="A long line of words. " * 200)
    page = open_signed_in_browser("noor", viewport=size).page
    page.goto(topic.get_absolute_url())
    page.locator(f"#p{bens.pk} a[data-act={act}]").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for share in (0.6, 1):
        dialog.evaluate("(one, share) => one.scrollTo(0, share * one.scrollHeight)", share)
        assert all(
            0 <= gap <= 2 for gap in page.evaluate(ACTION_BAR_GAPS)
        )  # the dialog's border, and half a pixel


@pytest.mark.parametrize("act", ["report", "edit", "highlight", "remove"])
def test_dialog_opens_at_its_top_on_smallest_phone(open_signed_in_browser, topic, bens: Post, noor, act: str):
    page = open_signed_in_browser("noor", viewport={"width": 320, "height": 568}).page
    page.goto(topic.get_absolute_url())
    page.locator(f"#p{bens.pk} a[data-act={act}]").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading").first).to_be_in_viewport()
    expect(dialog.get_by_role("button", name="Close")).to_be_in_viewport()
    assert dialog.evaluate("(one) => one.scrollTop") == 0
    focus = page.evaluate(DESCRIBE_FOCUS)
    assert focus["inView"]
    assert dialog.evaluate("(one) => one.contains(document.activeElement)")
