"""What a member types is saved in a real browser: in the account, on every device, and here while there is no
server."""

import pytest
from playwright.sync_api import Page, Route, expect

from forum.drafts import store as drafts_store
from forum.models import Draft, Post, Topic
from tests.browser.composer_helpers import area, wait_until_saved
from tests.browser.conftest import PAGE_TIMEOUT, OpenAsCleo
from tests.browser.person import axe_violations
from tests.browser.test_page_layout import PHONE
from tests.conftest import reply_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_typing_saves_draft_and_posting_deletes_draft(page: Page, topic: Topic, cleo):
    area(page).press_sequentially("Half a thought")
    wait_until_saved(page)
    assert drafts_store.find(cleo, f"reply:{topic.pk}").body == "Half a thought"
    assert page.evaluate("Object.keys(localStorage).length") == 0  # the account has the text
    area(page).press_sequentially(", and the rest.")
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("article.post").last).to_contain_text("Half a thought, and the rest.")
    expect(area(page)).to_have_value("")
    for _ in range(PAGE_TIMEOUT // 100):  # it first asks the server whether the reply has arrived
        if page.evaluate("Object.keys(localStorage).length") == 0:
            break
        page.wait_for_timeout(100)
    else:
        pytest.fail("this browser still keeps what has been sent")
    assert not Draft.objects.exists()
    assert Post.objects.filter(author=cleo).count() == 1


def test_draft_continues_on_another_device(page: Page, open_as_cleo: OpenAsCleo, topic: Topic):
    area(page).fill("From the desk")
    wait_until_saved(page)
    phone = open_as_cleo(PHONE)
    phone.goto(topic.get_absolute_url())
    expect(area(phone)).to_have_value("From the desk")
    expect(phone.locator(".draft-note")).to_contain_text("Draft saved")


def test_drafts_of_two_devices_do_not_overwrite_each_other(
    page: Page, open_as_cleo: OpenAsCleo, topic: Topic, cleo
):
    phone = open_as_cleo(PHONE)
    phone.goto(topic.get_absolute_url())
    area(page).fill("From the desk")
    wait_until_saved(page)
    area(phone).fill("From the phone")
    both = phone.locator(".notice.both")
    expect(both).to_contain_text("A newer draft was saved on another device")
    assert drafts_store.find(cleo, f"reply:{topic.pk}").body == "From the desk"
    assert axe_violations(phone) == []
    both.get_by_role("button", name="Show the other").click()
    expect(area(phone)).to_have_value("From the desk")
    both.get_by_role("button", name="Show the other").click()
    expect(area(phone)).to_have_value("From the phone")
    both.get_by_role("button", name="Keep this one").click()
    wait_until_saved(phone)
    assert drafts_store.find(cleo, f"reply:{topic.pk}").body == "From the phone"


def test_unshown_local_draft_survives_further_typing(page: Page, topic: Topic, cleo):
    """The browser has a text that was typed offline, the account has one from the phone; neither has been sent or
    chosen yet."""
    page.route("**/drafts/save/", lambda route: route.abort())
    area(page).fill("Typed on the train")
    expect(page.locator("[data-saved]")).to_contain_text("This browser keeps your text.")
    drafts_store.save(by=cleo, draft_key=f"reply:{topic.pk}", version=0, body="From the phone")
    page.unroute("**/drafts/save/")
    page.goto("/")
    page.goto(topic.get_absolute_url())
    both = page.locator(".notice.both")
    expect(both).to_contain_text("Nothing is lost")
    area(page).press_sequentially("!")
    page.goto("/")
    page.goto(topic.get_absolute_url())
    expect(area(page)).to_have_value("!From the phone")  # restored once the server has responded
    both.get_by_role("button", name="Show the other").click()
    expect(area(page)).to_have_value("Typed on the train")
    both.get_by_role("button", name="Show the other").click()
    expect(area(page)).to_have_value("!From the phone")
    both.get_by_role("button", name="Keep this one").click()
    wait_until_saved(page)
    assert drafts_store.find(cleo, f"reply:{topic.pk}").body == "!From the phone"
    page.goto("/")
    page.goto(topic.get_absolute_url())
    expect(area(page)).to_have_value("!From the phone")
    expect(both).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_discarded_draft_does_not_come_back(page: Page, topic: Topic):
    area(page).fill("Never mind")
    wait_until_saved(page)
    page.reload()
    area(page).press_sequentially("!")
    page.locator(".draft-note").get_by_role("button", name="Discard").click()
    expect(page.get_by_role("status").first).to_contain_text("Draft discarded")
    expect(area(page)).to_have_value("")
    page.wait_for_timeout(500)
    assert not Draft.objects.exists()
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_leaving_asks_only_while_text_is_unsaved(page: Page, topic: Topic, cleo):
    asked = []
    page.on("dialog", lambda question: asked.append(question.type))
    page.route("**/drafts/save/", lambda route: route.abort())
    area(page).press_sequentially("unsaved")
    page.reload()
    assert asked == ["beforeunload"]
    page.unroute("**/drafts/save/")
    expect(area(page)).to_have_value("unsaved")  # this browser kept it
    area(page).press_sequentially(", saved")
    wait_until_saved(page)
    page.goto("/")
    assert asked == ["beforeunload"]


def test_edit_dialog_has_drafts_preview_and_shortcut(page: Page, topic: Topic, cleo):
    mine = reply_to(topic, cleo, "My words.")
    page.reload()
    page.locator(f"#p{mine.pk}").get_by_text("Edit", exact=True).click()
    dialog = page.get_by_role("dialog")
    text = dialog.locator("textarea")
    text.fill("My better words.")
    wait_until_saved(dialog)
    assert drafts_store.find(cleo, f"edit:{mine.pk}").body == "My better words."
    dialog.get_by_role("button", name="Preview").click()
    expect(dialog.locator("section.preview .post-body")).to_have_text("My better words.")
    text.press("Control+Enter")
    expect(page.locator(f"#p{mine.pk}")).to_contain_text("My better words.")
    assert not Draft.objects.exists()


def test_draft_can_be_continued_from_draft_list(page: Page, topic: Topic, cleo, talk):
    drafts_store.save(by=cleo, draft_key=f"topic:{talk.pk}", version=0, title="Bells", body="They ring")
    page.goto("/")
    page.locator(".bar .me").click()
    page.get_by_role("link", name="Drafts").click()
    page.locator("[data-act=continue]").click()
    expect(page.get_by_label("Title")).to_have_value("Bells")
    page.get_by_role("button", name="Post topic").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bells")
    assert not Draft.objects.exists()


def test_text_changed_after_interrupted_post_is_saved_and_posted(page: Page, topic: Topic, cleo):
    """The first text arrived, though its response did not."""
    page.route("**/reply/", deliver_request_but_lose_response)
    area(page).fill("The first text.")
    with page.expect_response("**/reply/"):
        page.get_by_role("button", name="Post reply").click(no_wait_after=True)
    expect(page.locator("form[data-sent]")).to_have_count(1)
    assert Post.objects.get(author=cleo).body == "The first text."
    page.unroute("**/reply/")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    area(page).fill("The first text, and more.")
    expect(page.locator(".notice.both")).to_have_text(
        "You already posted an earlier version from this form. This version isn’t posted."
    )
    wait_until_saved(page)
    assert drafts_store.find(cleo, f"reply:{topic.pk}").body == "The first text, and more."
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("article.post").last).to_contain_text("The first text, and more.")
    assert Post.objects.filter(author=cleo).count() == 2


def deliver_request_but_lose_response(route: Route) -> None:
    route.fetch(max_redirects=0)
    route.fulfill(status=204)  # the page stays, as when the user presses Stop


def test_text_is_stored_locally_when_draft_limit_is_reached(page: Page, topic: Topic, monkeypatch):
    monkeypatch.setattr(drafts_store, "DRAFTS_PER_MEMBER", 0)
    area(page).fill("One too many.")
    expect(page.locator("[data-saved]")).to_contain_text("This browser keeps your text.")
    page.on("dialog", lambda question: question.accept())
    page.goto("/")
    page.goto(topic.get_absolute_url())
    expect(area(page)).to_have_value("One too many.")
    expect(page.locator("[data-saved]")).to_contain_text("drafts")
    expect(page.locator(".notice.both")).to_have_count(0)
