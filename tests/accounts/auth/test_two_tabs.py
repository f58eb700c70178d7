"""A sign-in form that is open in two tabs: the slower one redirects, and no page promises what it does not show."""

import re

import pytest

from tests.conftest import PASSWORD, browser_of
from tests.support.forms import fields_of

TEXT = "It rings at noon."
STALE = {"csrfmiddlewaretoken": "stale"}
PROMISES = ("is below", "Nothing you wrote is lost", "Copy what you want")
SECRETS = {
    "/account/login/": {"login": "ada", "password": PASSWORD},
    "/account/2fa/authenticate/": {"code": "123456"},
    "/account/confirm-email/": {"code": "BCDF-GHJK"},
    "/account/2fa/webauthn/login/": {"credential": "{}"},
    "/account/signup/": {"username": "Dora", "email": "dora@example.org", "password1": PASSWORD},
}


def signed_in(browser, ada):
    browser.force_login(ada)
    return browser


@pytest.mark.parametrize("path", SECRETS)
def test_who_is_signed_in_by_now_comes_to_where_they_were_going(browser, ada, topic, path):
    going = topic.get_absolute_url()
    answer = signed_in(browser, ada).post(path, {**SECRETS[path], **STALE, "next": going})
    assert (answer.status_code, answer.url) == (302, going)


@pytest.mark.parametrize("going", ["", "//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_and_to_no_other_site(browser, ada, going):
    answer = signed_in(browser, ada).post("/account/login/", {**SECRETS["/account/login/"], "next": going})
    assert (answer.status_code, answer.url) == (302, "/")


def test_through_the_pages_as_two_tabs_do(browser, ada, topic):
    going = topic.get_absolute_url()
    pages = [browser.get(f"/account/login/?next={going}").text for _ in range(2)]
    for page in pages:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', page)[1]
        said = {"csrfmiddlewaretoken": token, "next": going, "login": "ada", "password": PASSWORD}
        answer = browser.post("/account/login/", said)
        assert (answer.status_code, answer.url) == (302, going)


def test_a_text_that_the_slower_tab_carries_is_not_lost(browser, ada, topic):
    carried = {"kept_path": topic.url_for("reply"), "kept_body": TEXT}
    page = signed_in(browser, ada).post("/account/login/", {**SECRETS["/account/login/"], **carried})
    assert page.status_code == 403
    assert fields_of(page, topic.url_for("reply"))["body"] == TEXT


def test_signing_out_twice_leads_home(browser, ada):
    answer = browser.post("/account/logout/", STALE)
    assert (answer.status_code, answer.url) == (302, "/")
    page = signed_in(browser, ada).post("/account/logout/", STALE).text
    assert 'data-act="send-again"' in page


OPENED_AGAIN = ["/account/signup/", "/account/password/reset/confirm/", "/account/2fa/authenticate/",
                "/account/password/reset/complete/", "/account/confirm-email/"]  # fmt: skip


@pytest.mark.parametrize("path", OPENED_AGAIN)
def test_what_only_its_own_page_asks_for_is_opened_again(browser, db, path):
    page = browser.post(f"{path}?next=/rules/", {"code": "1", "password1": PASSWORD, **STALE})
    html = page.text
    assert page.status_code == 403
    assert f'href="{path}?next=/rules/"' in html
    assert not [words for words in PROMISES if words in html]
    assert 'data-act="sign-in"' not in html.split("<main")[1]
    assert PASSWORD not in html


@pytest.mark.parametrize("path", ["/account/password/change/", "/account/reauthenticate/"])
def test_so_are_forms_of_members_that_ask_for_secrets(browser, ada, path):
    html = signed_in(browser, ada).post(path, {"password": PASSWORD, **STALE}).text
    assert f'href="{path}"' in html.split("<main")[1]
    assert not [words for words in PROMISES if words in html]


def test_what_was_typed_into_the_form_for_joining_is_shown(browser, db):
    html = browser.post("/account/signup/", {**SECRETS["/account/signup/"], **STALE}).text
    assert "dora@example.org" in html
    assert "Nothing you wrote is lost" in html


def test_an_act_without_text_promises_none(ada, original):
    browser = browser_of(ada)
    browser.handler.enforce_csrf_checks = True
    html = browser.post(f"/p/{original.pk}/thank/", STALE).text
    assert 'data-act="send-again"' in html
    assert not [words for words in PROMISES if words in html]
