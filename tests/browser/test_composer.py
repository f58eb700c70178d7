"""The composer in a real browser: its tools, its keys, its preview, its counter, and what keeps a text."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from forum import drafts
from forum.models import Draft, Post, Topic
from tests.browser.person import faults_by_axe
from tests.browser.test_look import DESK, PHONE, SMALL, SMALLEST
from tests.conftest import answer, browser_of, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SitAt = Callable[..., Page]


@pytest.fixture
def sit_at(chromium: Browser, site: str, cleo) -> Iterator[SitAt]:
    """Cleo before one of her devices."""
    contexts = []

    def open_page(size: dict[str, int] = DESK, theme: str = "light", scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site,
            viewport=size,
            color_scheme=theme,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        session = browser_of(cleo).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        page = context.new_page()
        page.on("dialog", lambda question: question.accept())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(sit_at: SitAt, topic: Topic) -> Page:
    """A topic, its composer empty."""
    page = sit_at()
    page.goto(topic.get_absolute_url())
    return page


def area(page: Page):
    return page.locator("textarea[name=body]")


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_text("Draft saved")


@pytest.mark.parametrize(
    ("tool", "typed", "select", "result"),
    [
        ("Bold", "one two", 3, "one **two**"),
        ("Bold", "", 0, "**bold**"),
        ("Emphasis", "one two", 3, "one *two*"),
        ("Code", "one two", 3, "one `two`"),
        ("Code", "one\ntwo", 7, "```\none\ntwo\n```"),
        ("Link", "one two", 3, "one [two](https://)"),
        ("Quote", "one\ntwo", 7, "> one\n> two"),
        ("List", "one\ntwo", 7, "- one\n- two"),
        ("List", "above\ntwo", 3, "above\n\n- two"),
        ("List", "- one\n- two", 11, "one\ntwo"),
    ],
)
def test_a_tool_writes_around_what_is_selected(page: Page, tool: str, typed: str, select: int, result: str):
    area(page).fill(typed)
    area(page).evaluate(
        "(area, many) => area.setSelectionRange(area.value.length - many, area.value.length)", select
    )
    page.get_by_role("button", name=tool, exact=True).click()
    expect(area(page)).to_have_value(result)
    expect(area(page)).to_be_focused()
    page.keyboard.press("Control+z")
    expect(area(page)).to_have_value(typed)


def test_a_tool_pressed_again_takes_its_marks_away(page: Page):
    area(page).fill("word")
    area(page).select_text()
    page.keyboard.press("Control+b")
    expect(area(page)).to_have_value("**word**")
    page.keyboard.press("Control+b")
    expect(area(page)).to_have_value("word")


@pytest.mark.parametrize(
    ("key", "result"), [("b", "**bold**"), ("i", "*emphasis*"), ("k", "[words](https://)")]
)
def test_keys_do_what_the_tools_do(page: Page, key: str, result: str):
    area(page).press(f"Control+{key}")
    expect(area(page)).to_have_value(result)


def test_the_tools_are_one_stop_and_arrows_go_on(page: Page):
    page.get_by_role("button", name="Bold").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Emphasis")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Code")).to_be_focused()
    page.keyboard.press("Tab")
    expect(area(page)).to_be_focused()


def test_others_may_put_text_in(page: Page):
    area(page).fill("before ")
    area(page).evaluate(
        "area => area.dispatchEvent(new CustomEvent('insert-text', { bubbles: true, detail: 'inserted' }))"
    )
    expect(area(page)).to_have_value("before inserted")


@pytest.mark.parametrize("key", ["Control", "Meta"])
def test_a_key_sends_it(page: Page, topic: Topic, key: str):
    area(page).fill("Sent by a key.")
    area(page).press(f"{key}+Enter")
    expect(page.locator("article.post").last).to_contain_text("Sent by a key.")
    assert topic.posts.filter(body="Sent by a key.").count() == 1


def test_the_preview_follows_and_is_what_will_be_stored(page: Page, topic: Topic):
    area(page).fill("A **first** word")
    page.get_by_role("button", name="Preview").click()
    pane = page.locator("section.preview .post-body")
    expect(pane.locator("strong")).to_have_text("first")
    area(page).press_sequentially(" and `more` <b>of it</b>")
    expect(pane.locator("code")).to_have_text("more")
    shown = pane.inner_html()
    page.get_by_role("button", name="Hide preview").click()
    expect(pane).to_have_count(0)
    page.get_by_role("button", name="Post answer").click()
    expect(page.locator("article.post")).to_have_count(3)
    assert shown == page.locator("article.post .post-body").last.inner_html().strip()


def test_of_two_previews_the_later_is_shown(page: Page):
    """The first answer is held back until the second has come."""
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


def test_the_counter_shows_itself_near_the_limit_and_counts_as_the_server(page: Page, topic: Topic):
    counter = page.locator(".counter")
    area(page).fill("x" * 30_000)
    page.wait_for_timeout(700)
    expect(counter).to_have_count(0)
    area(page).fill("🔔" * 31_990 + "\n\n  ")
    expect(counter).to_have_text("10 characters left")
    area(page).fill("🔔" * 32_001)
    expect(counter).to_have_text("1 characters too many")
    area(page).fill("x")
    expect(counter).to_have_text("")


def test_typing_saves_a_draft_and_sending_removes_it(page: Page, topic: Topic, cleo):
    area(page).press_sequentially("Half a thought")
    saved(page)
    assert drafts.of(cleo, f"reply:{topic.pk}").body == "Half a thought"
    assert page.evaluate("Object.keys(localStorage).length") == 0  # the account has it
    area(page).press_sequentially(", and the rest.")
    page.get_by_role("button", name="Post answer").click()
    expect(page.locator("article.post").last).to_contain_text("Half a thought, and the rest.")
    expect(area(page)).to_have_value("")
    page.wait_for_function("Object.keys(localStorage).length === 0")
    assert not Draft.objects.exists()
    assert Post.objects.filter(author=cleo).count() == 1


def test_another_device_goes_on_where_this_one_stopped(page: Page, sit_at: SitAt, topic: Topic):
    area(page).fill("From the desk")
    saved(page)
    phone = sit_at(PHONE)
    phone.goto(topic.get_absolute_url())
    expect(area(phone)).to_have_value("From the desk")
    expect(phone.locator(".draft-note")).to_contain_text("Draft from")


def test_two_devices_overwrite_nothing_unseen(page: Page, sit_at: SitAt, topic: Topic, cleo):
    phone = sit_at(PHONE)
    phone.goto(topic.get_absolute_url())
    area(page).fill("From the desk")
    saved(page)
    area(phone).fill("From the phone")
    both = phone.locator(".notice.both")
    expect(both).to_contain_text("Another device has saved something else here")
    assert drafts.of(cleo, f"reply:{topic.pk}").body == "From the desk"
    assert faults_by_axe(phone) == []
    both.get_by_role("button", name="Show the other").click()
    expect(area(phone)).to_have_value("From the desk")
    both.get_by_role("button", name="Show the other").click()
    expect(area(phone)).to_have_value("From the phone")
    both.get_by_role("button", name="Keep what is shown").click()
    saved(phone)
    assert drafts.of(cleo, f"reply:{topic.pk}").body == "From the phone"


def test_a_draft_is_thrown_away_for_good(page: Page, topic: Topic):
    area(page).fill("Never mind")
    saved(page)
    page.reload()
    area(page).press_sequentially("!")
    page.locator(".draft-note").get_by_role("button", name="Discard").click()
    expect(page.get_by_role("status").first).to_contain_text("The draft is discarded")
    expect(area(page)).to_have_value("")
    page.wait_for_timeout(500)
    assert not Draft.objects.exists()
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_leaving_is_asked_about_only_while_nothing_is_saved(page: Page, topic: Topic, cleo):
    asked = []
    page.on("dialog", lambda question: asked.append(question.type))
    page.route("**/drafts/save/", lambda route: route.abort())
    area(page).press_sequentially("unsaved")
    page.reload()
    assert asked == ["beforeunload"]
    page.unroute("**/drafts/save/")
    expect(area(page)).to_have_value("unsaved")  # this browser kept it
    area(page).press_sequentially(", saved")
    saved(page)
    page.goto("/")
    assert asked == ["beforeunload"]


def test_an_edit_in_a_dialog_has_all_of_it(page: Page, topic: Topic, cleo):
    mine = answer(topic, cleo, "My words.")
    page.reload()
    page.locator(f"#p{mine.pk}").get_by_text("Edit", exact=True).click()
    dialog = page.get_by_role("dialog")
    text = dialog.locator("textarea")
    text.fill("My better words.")
    saved(dialog)
    assert drafts.of(cleo, f"edit:{mine.pk}").body == "My better words."
    dialog.get_by_role("button", name="Preview").click()
    expect(dialog.locator("section.preview")).to_have_text("My better words.")
    text.press("Control+Enter")
    expect(page.locator(f"#p{mine.pk}")).to_contain_text("My better words.")
    assert not Draft.objects.exists()


def test_the_composer_says_that_others_answered_and_shows_it(page: Page, topic: Topic, ben):
    answer(topic, ben, "It is **mended**.")
    area(page).press_sequentially("I think")
    notice = page.locator(".notice.meanwhile")
    expect(notice).to_contain_text("1 new answer since you began.")
    notice.get_by_text("Show it").click()
    expect(notice.locator("strong")).to_have_text("mended")
    assert faults_by_axe(page) == []


def test_one_look_in_thirty_seconds(page: Page):
    looks = []
    page.on("request", lambda request: looks.append(request.url) if "/since/" in request.url else None)
    area(page).press_sequentially("many letters, one after the other")
    page.wait_for_timeout(300)
    assert len(looks) == 1


def test_without_scripts_there_are_no_tools_and_all_else(sit_at: SitAt, topic: Topic, cleo):
    page = sit_at(scripts=False)
    page.goto(topic.get_absolute_url())
    expect(page.get_by_role("toolbar")).to_be_hidden()
    area(page).fill("Half **a** thought")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("section.preview strong")).to_have_text("a")
    expect(area(page)).to_have_value("Half **a** thought")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".draft-note")).to_contain_text("Draft from")
    area(page).fill("A **whole** thought")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Post answer").click()
    expect(page.locator("article.post").last).to_contain_text("A whole thought")
    assert not Draft.objects.exists()


def test_drafts_are_found_from_every_page_and_go_on(page: Page, topic: Topic, cleo, talk):
    drafts.save(by=cleo, place=f"topic:{talk.pk}", version=0, title="Bells", body="They ring")
    page.goto("/")
    page.locator(".bar .me").click()
    page.get_by_role("link", name="Your drafts").click()
    page.locator("[data-act=continue]").click()
    expect(page.get_by_label("Title")).to_have_value("Bells")
    page.get_by_role("button", name="Post topic").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bells")
    assert not Draft.objects.exists()


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
def test_axe_finds_no_fault_and_targets_are_large(sit_at: SitAt, topic: Topic, cleo, ben, talk, size, theme):
    drafts.save(by=cleo, place=f"reply:{topic.pk}", version=0, body="A **draft**")
    mine = answer(start(talk, ben, "Another"), cleo)
    reading = f"/drafts/{Draft.objects.get().pk}/"
    writing = [topic.get_absolute_url(), topic.url_for("reply"), "/s/talk/new/", f"/p/{mine.pk}/edit/"]
    page, faults = sit_at(size, theme), []
    for address in (*writing, reading, "/drafts/"):
        page.goto(address)
        if address in writing:
            area(page).fill(f"Some **text** to be shown at {address}")
            page.get_by_role("button", name="Preview").click()
            expect(page.locator("section.preview strong")).to_be_visible()
            saved(page)
        faults += [f"{address}: {fault}" for fault in faults_by_axe(page)]
        if size == PHONE:
            faults += [f"{address}: small: {one}" for one in page.evaluate(SMALL)]
            page.set_viewport_size(SMALLEST)
            wide = page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{address}: {wide} wide"] if wide > SMALLEST["width"] else []
            page.set_viewport_size(size)
    assert faults == []
