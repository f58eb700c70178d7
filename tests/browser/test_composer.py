"""The composer in a real browser: its tools, shortcuts, preview, counter and looks."""

import pytest
from playwright.sync_api import Page, expect

from forum.drafts import store as drafts_store
from forum.models import Draft, Topic
from tests.browser.composer_helpers import area, wait_until_saved
from tests.browser.conftest import OpenAsCleo
from tests.browser.person import axe_violations
from tests.browser.test_page_layout import DESKTOP, PHONE, SMALL_TARGETS, SMALLEST_PHONE
from tests.conftest import reply_to, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("tool", "typed", "select", "result"),
    [
        ("Bold", "one two", 3, "one **two**"),
        ("Bold", "", 0, "**bold**"),
        ("Italic", "one two", 3, "one *two*"),
        ("Code", "one two", 3, "one `two`"),
        ("Code", "one\ntwo", 7, "```\none\ntwo\n```"),
        ("Link", "one two", 3, "one [two](https://)"),
        ("Quote", "one\ntwo", 7, "> one\n> two"),
        ("List", "one\ntwo", 7, "- one\n- two"),
        ("List", "above\ntwo", 3, "above\n\n- two"),
        ("List", "- one\n- two", 11, "one\ntwo"),
        ("Numbered list", "one\ntwo", 7, "1. one\n2. two"),
        ("Numbered list", "1. one\n2. two", 13, "one\ntwo"),
        ("Heading", "one", 3, "## one"),
        ("Heading", "## one", 6, "one"),
    ],
)
def test_tool_formats_selection_and_can_be_undone(
    page: Page, tool: str, typed: str, select: int, result: str
):
    area(page).fill(typed)
    area(page).evaluate(
        "(area, many) => area.setSelectionRange(area.value.length - many, area.value.length)", select
    )
    page.get_by_role("button", name=tool, exact=True).click()
    expect(area(page)).to_have_value(result)
    expect(area(page)).to_be_focused()
    page.keyboard.press("Control+z")
    expect(area(page)).to_have_value(typed)


def test_tool_pressed_again_removes_formatting(page: Page):
    area(page).fill("word")
    area(page).select_text()
    page.keyboard.press("Control+b")
    expect(area(page)).to_have_value("**word**")
    page.keyboard.press("Control+b")
    expect(area(page)).to_have_value("word")


@pytest.mark.parametrize(("key", "result"), [("b", "**bold**"), ("i", "*italic*"), ("k", "[text](https://)")])
def test_keyboard_shortcuts_apply_tools(page: Page, key: str, result: str):
    area(page).press(f"Control+{key}")
    expect(area(page)).to_have_value(result)


def test_toolbar_is_one_tab_stop_with_arrow_navigation(page: Page):
    page.get_by_role("button", name="Bold").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Italic")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Attach files")).to_be_focused()
    page.keyboard.press("Tab")
    expect(area(page)).to_be_focused()


def test_insert_text_event_inserts_text(page: Page):
    area(page).fill("before ")
    area(page).evaluate(
        "area => area.dispatchEvent(new CustomEvent('insert-text', { bubbles: true, detail: 'inserted' }))"
    )
    expect(area(page)).to_have_value("before inserted")


@pytest.mark.parametrize(
    ("platform", "key"), [("Linux", "Control"), ("Win32", "Control"), ("MacIntel", "Meta")]
)
def test_keyboard_shortcut_posts_reply(open_as_cleo: OpenAsCleo, topic: Topic, platform: str, key: str):
    page = open_as_cleo()
    page.add_init_script(f"Object.defineProperty(navigator, 'platform', {{ value: '{platform}' }})")
    page.goto(topic.get_absolute_url())
    area(page).fill("Sent by a key.")
    area(page).press(f"{key}+Enter")
    expect(page.locator("article.post").last).to_contain_text("Sent by a key.")
    assert topic.posts.filter(body="Sent by a key.").count() == 1


def test_preview_updates_while_typing_and_matches_posted_html(page: Page, topic: Topic):
    area(page).fill("A **first** word")
    page.get_by_role("button", name="Preview").click()
    pane = page.locator("section.preview .post-body")
    expect(pane.locator("strong")).to_have_text("first")
    area(page).press_sequentially(" and `more` <b>of it</b>")
    expect(pane.locator("code")).to_have_text("more")
    shown = pane.inner_html()
    page.get_by_role("button", name="Hide preview").click()
    expect(pane).to_have_count(0)
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("article.post")).to_have_count(3)
    assert shown == page.locator("article.post .post-body").last.inner_html().strip()


def test_late_preview_response_does_not_replace_newer_one(page: Page):
    """The first response is held back until the second has come."""
    held = []
    area(page).fill("first")
    page.route("**/preview/", lambda route: held.append(route) if not held else route.continue_())
    page.get_by_role("button", name="Preview").click()
    area(page).fill("second")
    pane = page.locator("section.preview .post-body")
    expect(pane).to_have_text("second")
    held[0].fulfill(json={"html": "<p>first</p>"})
    page.wait_for_timeout(300)
    expect(pane).to_have_text("second")


def test_counter_appears_near_limit_and_counts_like_server(page: Page, topic: Topic):
    counter = page.locator(".counter")
    area(page).fill("x" * 30_000)
    page.wait_for_timeout(700)
    expect(counter).to_have_count(0)
    area(page).fill("🔔" * 31_990 + "\n\n  ")
    expect(counter).to_have_text("10 characters left")
    area(page).fill("🔔" * 32_001)
    expect(counter).to_have_text("1 character too many")
    area(page).fill("x")
    expect(counter).to_have_text("")


def test_composer_announces_and_shows_new_replies(page: Page, topic: Topic, ben):
    reply_to(topic, ben, "It is **mended**.")
    area(page).press_sequentially("I think")
    notice = page.locator(".notice.new-replies")
    expect(notice).to_contain_text("1 new reply since you started writing.")
    notice.get_by_text("View").click()
    expect(notice.locator("strong")).to_have_text("mended")
    assert axe_violations(page) == []


def test_new_replies_are_requested_once_while_typing(page: Page):
    looks = []
    page.on("request", lambda request: looks.append(request.url) if "/since/" in request.url else None)
    area(page).press_sequentially("many letters, one after the other")
    page.wait_for_timeout(300)
    assert len(looks) == 1


def test_composer_without_scripts_has_preview_and_drafts_but_no_toolbar(
    open_as_cleo: OpenAsCleo, topic: Topic, cleo
):
    page = open_as_cleo(scripts=False)
    page.goto(topic.get_absolute_url())
    expect(page.get_by_role("toolbar")).to_be_hidden()
    area(page).fill("Half **a** thought")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("section.preview strong")).to_have_text("a")
    expect(area(page)).to_have_value("Half **a** thought")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".draft-note")).to_contain_text("Draft saved")
    area(page).fill("A **whole** thought")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("article.post").last).to_contain_text("A whole thought")
    assert not Draft.objects.exists()


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desk"])
def test_composer_pages_have_no_axe_violations_or_small_targets(
    open_as_cleo: OpenAsCleo, topic: Topic, cleo, ben, talk, size, theme
):
    drafts_store.save(by=cleo, draft_key=f"reply:{topic.pk}", version=0, body="A **draft**")
    mine = reply_to(start(talk, ben, "Another"), cleo)
    reading = f"/drafts/{Draft.objects.get().pk}/"
    writing = [topic.get_absolute_url(), topic.url_for("reply"), "/s/talk/new/", f"/p/{mine.pk}/edit/"]
    page, faults = open_as_cleo(size, theme), []
    for address in (*writing, reading, "/drafts/"):
        page.goto(address)
        if address in writing:
            area(page).fill(f"Some **text** to be shown at {address}")
            page.get_by_role("button", name="Preview").click()
            expect(page.locator("section.preview strong")).to_be_visible()
            wait_until_saved(page)
        faults += [f"{address}: {fault}" for fault in axe_violations(page)]
        if size == PHONE:
            faults += [f"{address}: small: {one}" for one in page.evaluate(SMALL_TARGETS)]
            page.set_viewport_size(SMALLEST_PHONE)
            wide = page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{address}: {wide} wide"] if wide > SMALLEST_PHONE["width"] else []
            page.set_viewport_size(size)
    assert faults == []
