"""The links to sign in and to join lead back to the page they were followed from."""

import re

import pytest

from tests.conftest import browser_of, offers


def ways_in(page) -> dict[str, str]:
    bar = re.search(r'<header class="bar">.*?</header>', page.text, re.S)[0]
    found = re.findall(r'<a href="(/account/(login|signup)/[^"]*)"', bar)
    return {name: address for address, name in found}


def both(way_back: str) -> dict[str, str]:
    return {"login": f"/account/login/{way_back}", "signup": f"/account/signup/{way_back}"}


def test_from_a_topic_and_from_a_list(guest, topic, talk):
    for path in (topic.get_absolute_url(), "/s/talk/", "/rules/"):
        said = path.replace("/", "%2F")
        assert ways_in(guest.get(path)) == both(f"?next={said}")


def test_from_the_front_page_there_is_no_detour(guest, db):
    assert ways_in(guest.get("/")) == both("")


@pytest.mark.parametrize("page", ["login", "signup", "password/reset"])
def test_pages_of_the_account_pass_on_what_they_were_given(guest, db, page):
    assert ways_in(guest.get(f"/account/{page}/?next=/t/1/a/")) == both("?next=%2Ft%2F1%2Fa%2F")
    assert ways_in(guest.get(f"/account/{page}/")) == both("")


@pytest.mark.parametrize("going", ["//evil.example/", "https://evil.example/", "/\\evil.example/"])
def test_and_to_no_other_site(guest, db, going):
    assert ways_in(guest.get("/account/login/", {"next": going})) == both("")


def test_ones_standing_has_a_link_in_the_menu_and_on_the_page_of_the_account(ada):
    browser = browser_of(ada)
    for path in ("/", "/account/settings/"):
        page = browser.get(path)
        assert page.text.count('href="/account/standing/"') == (1 if path == "/" else 2)
        assert not offers(page, "sign-in")
