"""The links to sign in and to join lead back to the page they were followed from."""

import re

import pytest

from tests.conftest import browser_of, offers


def sign_in_links(page) -> dict[str, str]:
    bar = re.search(r'<header class="bar">.*?</header>', page.text, re.S)[0]
    found = re.findall(r'<a href="(/account/(login|signup)/[^"]*)"', bar)
    return {name: address for address, name in found}


def expected_links(query: str) -> dict[str, str]:
    return {"login": f"/account/login/{query}", "signup": f"/account/signup/{query}"}


def test_sign_in_links_carry_current_page(guest, topic, talk):
    for path in (topic.get_absolute_url(), "/s/talk/", "/rules/"):
        said = path.replace("/", "%2F")
        assert sign_in_links(guest.get(path)) == expected_links(f"?next={said}")


def test_home_page_sign_in_links_have_no_next(guest, db):
    assert sign_in_links(guest.get("/")) == expected_links("")


@pytest.mark.parametrize("page", ["login", "signup", "password/reset"])
def test_account_pages_pass_on_next(guest, db, page):
    assert sign_in_links(guest.get(f"/account/{page}/?next=/t/1/a/")) == expected_links(
        "?next=%2Ft%2F1%2Fa%2F"
    )
    assert sign_in_links(guest.get(f"/account/{page}/")) == expected_links("")


@pytest.mark.parametrize("next_url", ["//evil.example/", "https://evil.example/", "/\\evil.example/"])
def test_external_next_is_dropped(guest, db, next_url):
    assert sign_in_links(guest.get("/account/login/", {"next": next_url})) == expected_links("")


def test_account_status_is_linked_in_menu_and_settings(ada):
    browser = browser_of(ada)
    for path in ("/", "/account/settings/"):
        page = browser.get(path)
        assert page.text.count('href="/account/standing/"') == (1 if path == "/" else 2)
        assert not offers(page, "sign-in")
