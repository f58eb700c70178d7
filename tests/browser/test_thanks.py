"""Thanks and collapsed thanks in a real browser: with and without JavaScript, on a desktop and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from forum.models import Post, Thanks
from tests.browser.person import axe_violations
from tests.browser.test_page_layout import DESKTOP, PHONE, SMALL_TARGETS
from tests.conftest import reply_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def folded_thanks(topic, ada, ben) -> Post:
    """The second of two thanks in a row, with replies of others before and after them."""
    reply_to(topic, ben, "Thank you!")
    post = reply_to(topic, ben, "Thanks Ada!")
    for number in range(6):
        reply_to(topic, ada, f"Number {number}. " + "And so on. " * 60)
    return post


@pytest.fixture
def open_cleo_page(open_browser, cleo):
    def page(**options: object) -> Page:
        person = open_browser("cleo", **options)
        person.sign_in()
        return person.page

    return page


def test_permalink_expands_folded_thanks(folded_thanks, open_cleo_page):
    page = open_cleo_page(viewport=PHONE)
    page.goto(folded_thanks.topic.get_absolute_url())
    expect(page.locator(f"#p{folded_thanks.pk}")).to_be_hidden()
    page.goto(folded_thanks.get_absolute_url())
    expect(page.locator(f"#p{folded_thanks.pk}")).to_be_visible()
    expect(page.locator(f"#p{folded_thanks.pk}")).to_be_in_viewport()


def test_hash_change_expands_folded_thanks(folded_thanks, open_cleo_page):
    page = open_cleo_page(viewport=DESKTOP)
    page.goto(folded_thanks.topic.get_absolute_url())
    page.evaluate("(hash) => { location.hash = hash }", f"#p{folded_thanks.pk}")
    expect(page.locator(f"#p{folded_thanks.pk}")).to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_second_click_undoes_thanks(topic, bens, open_cleo_page, scripts):
    page = open_cleo_page(viewport=PHONE, scripts=scripts)
    page.goto(topic.get_absolute_url())
    post = page.locator(f"#p{bens.pk}")
    post.locator("[data-act=thank]").click()
    expect(post.locator(".who-thanks")).to_contain_text("Thanked by cleo")
    assert Thanks.objects.filter(post=bens).count() == 1
    post.locator("[data-act=unthank]").click()
    expect(post.locator(".who-thanks")).to_have_count(0)
    assert not Thanks.objects.exists()


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desk"])
def test_thanks_pages_have_no_axe_violations_or_small_targets(
    folded_thanks, bens, ada, mia, open_cleo_page, size, theme
):
    page = open_cleo_page(viewport=size, color_scheme=theme)
    page.goto(folded_thanks.topic.get_absolute_url())
    page.locator(f"#p{bens.pk} [data-act=thank]").click()
    page.locator(f"#p{bens.pk} [data-act=save]").click()
    page.locator("details.thanks summary").click()
    assert axe_violations(page) == []
    if size is PHONE:
        assert page.evaluate(SMALL_TARGETS) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.goto("/saved/")
    assert axe_violations(page) == []
    if size is PHONE:
        assert page.evaluate(SMALL_TARGETS) == []
