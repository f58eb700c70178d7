"""The history of a post in a real browser: staff hide a revision, members read what is left."""

import pytest
from playwright.sync_api import expect

from forum.models import Post
from forum.posts.edit import edit_post
from tests.browser.conftest import OpenBrowser
from tests.browser.test_page_layout import DESKTOP, PHONE
from tests.conftest import reply_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def edited_post(topic, ben, mia, cleo) -> Post:
    post = reply_to(topic, ben, "The rehearsal is on Tuesday.")
    for version, (body, reason) in enumerate(
        [
            ("Come to 14 Mill Lane on Tuesday.", "The place"),
            ("The rehearsal is on Wednesday.", "Another day"),
        ],
        start=1,
    ):
        post = edit_post(post=post, by=ben, body=body, version=version, reason=reason)
    return post


@pytest.mark.parametrize(
    ("size", "theme", "scripts"), [(DESKTOP, "light", True), (PHONE, "dark", True), (PHONE, "light", False)]
)
def test_revision_hidden_by_staff_is_unreadable_for_members(
    open_browser: OpenBrowser, edited_post, size, theme, scripts
):
    mia, cleo = (
        open_browser(name, viewport=size, color_scheme=theme, scripts=scripts) for name in ("mia", "cleo")
    )
    mia.sign_in()
    mia.go(edited_post.url_for("history"))
    mia.check_accessibility()
    mia.page.locator(".revision", has_text="Revision 2").locator("[data-act=hide-revision]").click()
    expect(mia.page.get_by_text("14 Mill Lane")).to_be_visible()
    mia.check_accessibility()
    mia.page.get_by_label("Reason").fill("Somebody’s address was in it.")
    mia.act("hide-revision")
    expect(mia.page.get_by_role("status").first).to_contain_text("Revision 2 is hidden")
    expect(mia.page.locator("[data-act=show-revision]")).to_have_count(1)
    mia.check_accessibility()
    cleo.sign_in()
    cleo.go(f"{edited_post.url_for('history')}?from=1&to=2")
    expect(cleo.page.get_by_text("Revision 2 was hidden by staff.")).to_be_visible()
    expect(cleo.page.get_by_text("Mill Lane")).to_have_count(0)
    expect(cleo.page.locator(".revision .hidden")).to_contain_text("Somebody’s address was in it.")
    cleo.check_accessibility()
    assert cleo.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
