"""Thanks and collapsed thanks in a real browser: with and without JavaScript, on a desktop and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from forum.models import Post, Thanks
from tests.browser.person import faults_by_axe
from tests.browser.test_look import DESK, PHONE, SMALL
from tests.conftest import reply_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def thanks(topic, ada, ben) -> Post:
    """The second of two thanks in a row, with replies of others before and after them."""
    reply_to(topic, ben, "Thank you!")
    post = reply_to(topic, ben, "Thanks Ada!")
    for number in range(6):
        reply_to(topic, ada, f"Number {number}. " + "And so on. " * 60)
    return post


@pytest.fixture
def page_of_cleo(sit_down, cleo):
    def page(**options: object) -> Page:
        person = sit_down("cleo", **options)
        person.sign_in()
        return person.page

    return page


def test_a_permalink_opens_the_fold(thanks, page_of_cleo):
    page = page_of_cleo(viewport=PHONE)
    page.goto(thanks.topic.get_absolute_url())
    expect(page.locator(f"#p{thanks.pk}")).to_be_hidden()
    page.goto(thanks.get_absolute_url())
    expect(page.locator(f"#p{thanks.pk}")).to_be_visible()
    expect(page.locator(f"#p{thanks.pk}")).to_be_in_viewport()


def test_a_link_within_the_page_opens_it_too(thanks, page_of_cleo):
    page = page_of_cleo(viewport=DESK)
    page.goto(thanks.topic.get_absolute_url())
    page.evaluate("(hash) => { location.hash = hash }", f"#p{thanks.pk}")
    expect(page.locator(f"#p{thanks.pk}")).to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_one_click_thanks_another_takes_it_back(topic, bens, page_of_cleo, scripts):
    page = page_of_cleo(viewport=PHONE, scripts=scripts)
    page.goto(topic.get_absolute_url())
    post = page.locator(f"#p{bens.pk}")
    post.locator("[data-act=thank]").click()
    expect(post.locator(".who-thanks")).to_contain_text("Thanked by cleo")
    assert Thanks.objects.filter(post=bens).count() == 1
    post.locator("[data-act=unthank]").click()
    expect(post.locator(".who-thanks")).to_have_count(0)
    assert not Thanks.objects.exists()


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
def test_axe_finds_no_fault_and_nothing_is_too_small(thanks, bens, ada, mia, page_of_cleo, size, theme):
    page = page_of_cleo(viewport=size, color_scheme=theme)
    page.goto(thanks.topic.get_absolute_url())
    page.locator(f"#p{bens.pk} [data-act=thank]").click()
    page.locator(f"#p{bens.pk} [data-act=save]").click()
    page.locator("details.thanks summary").click()
    assert faults_by_axe(page) == []
    if size is PHONE:
        assert page.evaluate(SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.goto("/saved/")
    assert faults_by_axe(page) == []
    if size is PHONE:
        assert page.evaluate(SMALL) == []
