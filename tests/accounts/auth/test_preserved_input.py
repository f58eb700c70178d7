"""A rejected POST gives its text back, and preserves it across the next pages."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from core.web import preserved_input
from forum.models import Section
from moderation.topics.close import close_topic
from moderation.topics.merge import merge_topic
from moderation.topics.remove import remove_topic
from tests.conftest import PASSWORD, start
from tests.support.forms import fields_of

SENT_FIELDS = {
    "body": "First line\n  <b>second</b>\n",
    "submission_key": "6f1de9ea-8f4b-4a39-b1c8-0a6bb8a7f0f3",
}
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def reply_url(topic) -> str:
    return topic.url_for("reply")


def test_guest_text_is_preserved_through_sign_in(browser, reply_url, ada):
    browser.get("/account/login/")
    page = browser.post(reply_url, SENT_FIELDS)
    assert page.status_code == 403
    form = fields_of(page, "/account/login/")
    assert form["kept_body"] == SENT_FIELDS["body"]
    answer = browser.post("/account/login/", {**form, "login": "ada", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, reply_url)
    page = browser.get(answer.url).text
    assert "second&lt;/b&gt;" in page
    assert "Your text hasn’t been sent yet" in page
    assert SENT_FIELDS["submission_key"] in page
    assert "second&lt;/b&gt;" not in browser.get(reply_url).text  # shown only once


def test_text_is_preserved_for_url_with_non_ascii_slug(browser, talk, ada):
    url = start(talk, ada, "Über die Glocke").url_for("reply")
    assert "%C3%BC" in url
    _submit_text_and_sign_in(browser, url, "ada")
    assert "second&lt;/b&gt;" in browser.get(url).text


@pytest.mark.parametrize(
    "prefetch_headers", [{"Sec-Purpose": "prefetch;prerender"}, {"X-Moz": "prefetch"}], ids=str
)
def test_prefetch_does_not_consume_preserved_text(browser, reply_url, prefetch_headers):
    _submit_text_and_sign_in(browser, reply_url, "ada")
    browser.get(reply_url, headers=prefetch_headers)
    assert "second&lt;/b&gt;" in browser.get(reply_url).text


def _merge(topic, ada, mia):
    merge_topic(topic=topic, into=start(topic.section, ada, "Another"), by=mia)


def _remove(topic, ada, mia):
    remove_topic(topic=topic, by=mia, reason="Spam.")


def _restrict_replies_to_staff(topic, ada, mia):
    Section.objects.update(reply_by=Section.Audience.STAFF)


def _restrict_reading_to_staff(topic, ada, mia):
    Section.objects.update(read_by=Section.Audience.STAFF)


@pytest.mark.parametrize("change", [_merge, _remove, _restrict_replies_to_staff, _restrict_reading_to_staff])
def test_text_is_shown_when_topic_changed_during_sign_in(change, browser, topic, reply_url, ada, mia):
    change(topic, ada, mia)
    _submit_text_and_sign_in(browser, reply_url, "ada")
    for _ in range(2):  # it is there again after a reload
        page = browser.get(reply_url)
        assert page.status_code in (403, 404, 409)
        assert "second&lt;/b&gt;" in page.text
    assert browser.get(f"{reply_url}x/").text.count("second") == 0


def _submit_text_and_sign_in(browser, url: str, name: str) -> None:
    browser.get("/account/login/")
    form = fields_of(browser.post(url, SENT_FIELDS), "/account/login/")
    assert browser.post("/account/login/", {**form, "login": name, "password": PASSWORD}).status_code == 302


@pytest.mark.usefixtures("totp_clock")
def test_text_is_preserved_through_wrong_password_and_second_factor(browser, reply_url, ada):
    TOTP.activate(ada, SECRET)
    form = fields_of(browser.post(reply_url, SENT_FIELDS), "/account/login/")
    wrong = browser.post("/account/login/", {**form, "login": "ada", "password": "wrong"})
    assert wrong.status_code == 422
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', wrong.text)[1]
    again = {"csrfmiddlewaretoken": token, "next": reply_url, "login": "ada", "password": PASSWORD}
    answer = browser.post("/account/login/", again)
    assert answer.url == "/account/2fa/authenticate/"
    page = browser.get(answer.url).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', page)[1]
    code = format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))
    answer = browser.post(answer.url, {"csrfmiddlewaretoken": token, "code": code})
    assert answer.url == reply_url
    assert "second&lt;/b&gt;" in browser.get(reply_url).text


def test_member_with_stale_token_can_resend_with_one_click(browser, reply_url, ada, topic):
    browser.force_login(ada)
    page = browser.post(reply_url, {**SENT_FIELDS, "csrfmiddlewaretoken": "stale"})
    assert page.status_code == 403
    answer = browser.post(reply_url, fields_of(page, reply_url))
    assert answer.status_code == 302
    assert topic.posts.count() == 3
    assert topic.posts.last().body.startswith("First line")


def test_ended_session_shows_signed_out_not_expired_page(browser, reply_url, ada):
    page = browser.post(reply_url, SENT_FIELDS).text
    assert "<h1>You’ve been signed out</h1>" in page
    assert ">Your text</label>" in page
    page = browser.post("/account/login/", {"login": "ada", "password": PASSWORD}).text
    assert "<h1>This page expired</h1>" in page


def test_text_is_returned_when_topic_closed_during_sign_in(browser, reply_url, ada, mia, topic):
    form = fields_of(browser.post(reply_url, SENT_FIELDS), "/account/login/")
    browser.post("/account/login/", {**form, "login": "ada", "password": PASSWORD})
    close_topic(topic=topic, by=mia, reason="Solved.")
    page = browser.get(reply_url)
    assert page.status_code == 409
    assert "second&lt;/b&gt;" in page.text


def test_cross_site_post_is_shown_but_not_preserved(browser, reply_url, ada, topic):
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        for person in (None, ada):
            fresh = Client(enforce_csrf_checks=True)
            if person:
                fresh.force_login(person)
            page = fresh.post(reply_url, SENT_FIELDS, headers=headers)
            html = page.text
            assert page.status_code == 403
            assert "First line" in html
            assert "Another site" in html
            assert 'kept_body"' not in html.replace('for="kept_body"', "").replace('id="kept_body"', "")
            assert 'data-act="send-again"' not in html


def test_input_is_not_preserved_without_csrf_token(browser, ada):
    browser.post("/account/login/", {"kept_path": "/account/settings/", "kept_about": "planted"})
    assert preserved_input.SESSION_KEY not in browser.session


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "https://evil.example/",
        "/no/such/page/",
        "javascript:alert(1)",
        "",
        "/\\evil.example",
    ],
)
def test_input_is_preserved_only_for_own_paths(client, ada, path):
    client.post("/account/login/", {"kept_path": path, "kept_body": "text", "login": "x", "password": "y"})
    assert preserved_input.SESSION_KEY not in client.session


def test_oversized_text_is_shown_but_not_preserved(browser, reply_url):
    page = browser.post(reply_url, {"body": "x" * (preserved_input.MAX_CHARACTERS + 1)}).text
    assert "x" * 1000 in page
    assert "kept_path" not in page


def test_passwords_are_not_shown_or_preserved(browser, ada):
    browser.force_login(ada)
    secrets = {"oldpassword": PASSWORD, "password1": "hunter-two-2", "code": "BCDF-GHJK"}
    page = browser.post("/account/password/change/", secrets).text
    for secret in secrets.values():
        assert secret not in page
    assert 'data-act="send-again"' not in page  # it would send half a form


def test_rate_limited_response_has_retry_after_header(rf, ada):
    request = rf.post("/write/", {"body": "text"})
    request.user, request.csrf_processing_done = ada, True
    request.resolver_match = None
    answer = preserved_input.rejected_response(
        request, 429, title="Slower", explanation="Wait.", retry_after=7
    )
    assert answer["Retry-After"] == "7"


def test_unavailable_response_returns_text_without_query(rf, django_assert_num_queries, db):
    request = rf.post("/account/settings/", {"about": "my text"})  # no session, no signed-in member
    with django_assert_num_queries(0):
        page = preserved_input.rejected_response(
            request, 503, title="Closed", explanation="For a moment.", retry_after=5
        ).text
    assert "my text" in page
    assert 'data-act="send-again"' in page
