"""Concurrent requests of one browser, one of which ends the session that the others began with."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from accounts.auth.views import ConfirmEmailView
from accounts.models import Session, User
from tests.conftest import PASSWORD, browser_of

DORA = {"username": "Dora", "email": "dora@example.org", "password1": "grey-heron-42", "accepts_rules": "on"}
REQUEST_COUNT = 8
PASSWORD_REQUEST_COUNT = 4  # attempts count against their limit (5) until the password proves right


def post_concurrently(browser: Client, path: str, fields: dict[str, str], times: int = REQUEST_COUNT) -> list:
    """Sends the same form this many times before any response has come."""
    together = Barrier(times)

    def send(_: int):
        one = Client()
        one.cookies.load({name: morsel.value for name, morsel in browser.cookies.items()})
        together.wait()
        try:
            return one.post(path, fields)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as crowd:
        return list(crowd.map(send, range(times)))


def apply_response_cookies(browser: Client, answers: list) -> Client:
    """Returns the cookies that the browser has after these responses, in this order."""
    for answer in answers:
        for name, morsel in answer.cookies.items():
            if morsel["max-age"] == 0:
                browser.cookies.pop(name, None)
            else:
                browser.cookies[name] = morsel.value
    return browser


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_code_sent_eight_times_at_once_confirms_and_signs_in(read_mailed_code):
    browser = Client()
    browser.post("/account/signup/", DORA)
    answers = post_concurrently(browser, "/account/confirm-email/", {"code": read_mailed_code()})
    assert {answer.status_code for answer in answers} == {302}
    dora = User.objects.get()
    assert dora.emailaddress_set.get().verified
    first_comes_last = sorted(answers, key=lambda answer: not answer.cookies.get("session"))
    for order in (first_comes_last, first_comes_last[::-1]):
        assert apply_response_cookies(browser, order).get("/account/settings/").status_code == 200


def test_code_sent_again_during_its_confirmation_signs_in(db, read_mailed_code, monkeypatch):
    browser, again = Client(), Client()
    browser.post("/account/signup/", DORA)
    again.cookies.load({name: morsel.value for name, morsel in browser.cookies.items()})
    form, answers = {"code": read_mailed_code()}, []
    post = ConfirmEmailView.post

    def post_late(self, request, *args, **kwargs):
        monkeypatch.setattr(ConfirmEmailView, "post", post)
        answers.append(again.post("/account/confirm-email/", form))
        return post(self, request, *args, **kwargs)

    monkeypatch.setattr(ConfirmEmailView, "post", post_late)
    answers.append(browser.post("/account/confirm-email/", form))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert apply_response_cookies(again, answers).get("/account/settings/").status_code == 200


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_password_sent_several_times_at_once_signs_in(ada):
    browser = Client()
    browser.get("/account/login/")
    fields = {"login": "ada", "password": PASSWORD}
    answers = post_concurrently(browser, "/account/login/", fields, PASSWORD_REQUEST_COUNT)
    assert {answer.status_code for answer in answers} == {302}
    assert apply_response_cookies(browser, answers).get("/account/settings/").status_code == 200


def end_session_before_save(monkeypatch):
    """Signs out in another tab, just before a request saves its session."""
    from accounts.auth.sessions import SessionStore

    save = SessionStore.save

    def save_late(self, must_create=False):
        if not must_create:
            Session.objects.all().delete()
        return save(self, must_create)

    monkeypatch.setattr(SessionStore, "save", save_late)


def test_request_succeeds_when_another_tab_signs_out_during_it(ada, monkeypatch):
    browser = browser_of(ada)
    end_session_before_save(monkeypatch)
    answer = browser.post("/account/reauthenticate/?next=/account/2fa/", {"password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/account/2fa/")
    assert "session" not in answer.cookies  # which would bring back the session that signing out has ended


def test_sign_out_deletes_session_cookie(ada):
    answer = browser_of(ada).post("/account/logout/")
    assert answer.cookies["session"]["max-age"] == 0


def test_stale_session_cookie_is_deleted_by_get_not_by_post(db):
    browser = Client()
    browser.cookies["session"] = "gone" * 8
    assert "session" not in browser.post("/account/confirm-email/", {"code": "x"}).cookies
    assert browser.get("/").cookies["session"]["max-age"] == 0
