"""A sign-in form that is open in two tabs: the slower one redirects, and no page promises what it does not show."""

import re

import pytest

from tests.conftest import PASSWORD, browser_of
from tests.support.forms import fields_of

TEXT = "It rings at noon."
STALE = {"csrfmiddlewaretoken": "stale"}
TEXT_SHOWN_PHRASES = ("Nothing you wrote is lost", "Copy what you want")
FORM_FIELDS = {
    "/account/login/": {"login": "ada", "password": PASSWORD},
    "/account/2fa/authenticate/": {"code": "123456"},
    "/account/confirm-email/": {"code": "BCDF-GHJK"},
    "/account/2fa/webauthn/login/": {"credential": "{}"},
    "/account/signup/": {"username": "Dora", "email": "dora@example.org", "password1": PASSWORD},
}


def signed_in(browser, ada):
    browser.force_login(ada)
    return browser


@pytest.mark.parametrize("path", FORM_FIELDS)
def test_stale_form_of_signed_in_member_redirects_to_next(browser, ada, topic, path):
    next_url = topic.get_absolute_url()
    answer = signed_in(browser, ada).post(path, {**FORM_FIELDS[path], **STALE, "next": next_url})
    assert (answer.status_code, answer.url) == (302, next_url)


@pytest.mark.parametrize("next_url", ["", "//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_form_of_signed_in_member_does_not_redirect_off_site(browser, ada, next_url):
    answer = signed_in(browser, ada).post(
        "/account/login/", {**FORM_FIELDS["/account/login/"], "next": next_url}
    )
    assert (answer.status_code, answer.url) == (302, "/")


def test_sign_in_from_two_tabs_redirects_both_to_next(browser, ada, topic):
    next_url = topic.get_absolute_url()
    pages = [browser.get(f"/account/login/?next={next_url}").text for _ in range(2)]
    for page in pages:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', page)[1]
        said = {"csrfmiddlewaretoken": token, "next": next_url, "login": "ada", "password": PASSWORD}
        answer = browser.post("/account/login/", said)
        assert (answer.status_code, answer.url) == (302, next_url)


def test_preserved_text_of_slower_tab_is_shown(browser, ada, topic):
    carried = {"kept_path": topic.url_for("reply"), "kept_body": TEXT}
    page = signed_in(browser, ada).post("/account/login/", {**FORM_FIELDS["/account/login/"], **carried})
    assert page.status_code == 403
    assert fields_of(page, topic.url_for("reply"))["body"] == TEXT


def test_second_sign_out_redirects_home(browser, ada):
    answer = browser.post("/account/logout/", STALE)
    assert (answer.status_code, answer.url) == (302, "/")
    page = signed_in(browser, ada).post("/account/logout/", STALE).text
    assert 'data-act="send-again"' in page


MULTI_STEP_PATHS = ["/account/signup/", "/account/password/reset/confirm/", "/account/2fa/authenticate/",
                "/account/password/reset/complete/", "/account/confirm-email/"]  # fmt: skip


@pytest.mark.parametrize("path", MULTI_STEP_PATHS)
def test_stale_multi_step_form_links_to_its_page(browser, db, path):
    page = browser.post(f"{path}?next=/rules/", {"code": "1", "password1": PASSWORD, **STALE})
    html = page.text
    assert page.status_code == 403
    assert f'href="{path}?next=/rules/"' in html
    assert not [words for words in TEXT_SHOWN_PHRASES if words in html]
    assert 'data-act="sign-in"' not in html.split("<main")[1]
    assert PASSWORD not in html


@pytest.mark.parametrize("path", ["/account/password/change/", "/account/reauthenticate/"])
def test_stale_password_form_links_to_its_page(browser, ada, path):
    html = signed_in(browser, ada).post(path, {"password": PASSWORD, **STALE}).text
    assert f'href="{path}"' in html.split("<main")[1]
    assert not [words for words in TEXT_SHOWN_PHRASES if words in html]


def test_stale_sign_up_form_shows_typed_address(browser, db):
    html = browser.post("/account/signup/", {**FORM_FIELDS["/account/signup/"], **STALE}).text
    assert "dora@example.org" in html
    assert "Nothing you wrote is lost" in html


def test_stale_thank_form_promises_no_preserved_text(ada, original):
    browser = browser_of(ada)
    browser.handler.enforce_csrf_checks = True
    html = browser.post(f"/p/{original.pk}/thank/", STALE).text
    assert 'data-act="send-again"' in html
    assert not [words for words in TEXT_SHOWN_PHRASES if words in html]
