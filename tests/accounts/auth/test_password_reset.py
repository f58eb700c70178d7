"""Password reset: a mailed code, valid once, for a while, and only while the account is unchanged."""

import time

import pytest
from django.test import Client

from tests.conftest import PASSWORD

NEW_PASSWORD = "blue-tit-77-sings"


@pytest.fixture
def enter_reset_code(client, ada, read_mailed_code):
    """Ada asks for a code and enters it."""

    def go(browser: Client = client):
        browser.post("/account/password/reset/", {"email": "ada@example.org"})
        return browser.post("/account/password/reset/confirm/", {"code": read_mailed_code()})

    return go


def set_new_password(browser: Client, password: str = NEW_PASSWORD):
    return browser.post("/account/password/reset/complete/", {"password1": password})


def test_mailed_code_allows_setting_new_password(client, ada, enter_reset_code):
    enter_reset_code()
    assert set_new_password(client).url == "/account/password/reset/done/"
    ada.refresh_from_db()
    assert ada.check_password(NEW_PASSWORD)


def test_reset_code_works_only_once(client, ada, enter_reset_code, read_mailed_code):
    enter_reset_code()
    code = read_mailed_code()
    set_new_password(client)
    client.post("/account/password/reset/confirm/", {"code": code})
    set_new_password(client, "another-one-99")
    ada.refresh_from_db()
    assert ada.check_password(NEW_PASSWORD)


def test_reset_code_is_rejected_in_another_browser(client, ada, enter_reset_code, read_mailed_code):
    client.post("/account/password/reset/", {"email": "ada@example.org"})
    other = Client()
    other.post("/account/password/reset/confirm/", {"code": read_mailed_code()})
    set_new_password(other)
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_reset_expires_even_after_code_was_entered(client, ada, enter_reset_code, monkeypatch):
    enter_reset_code()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 16 * 60)
    set_new_password(client)
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


@pytest.mark.parametrize("change", ["password", "email"])
def test_reset_is_invalidated_when_account_changes(client, ada, enter_reset_code, change):
    enter_reset_code()
    if change == "password":
        ada.set_password("changed-elsewhere-1")
    else:
        ada.email = "ada@new.example"
    ada.save()
    before = ada.password
    assert set_new_password(client).status_code == 422
    ada.refresh_from_db()
    assert ada.password == before


def test_three_wrong_codes_invalidate_reset(client, ada, read_mailed_code):
    client.post("/account/password/reset/", {"email": "ada@example.org"})
    for _ in range(3):
        client.post("/account/password/reset/confirm/", {"code": "BBBB-BBBB"})
    client.post("/account/password/reset/confirm/", {"code": read_mailed_code()})
    set_new_password(client)
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_password_reset_ends_all_sessions(client, ada, enter_reset_code):
    signed_in = Client()
    signed_in.force_login(ada)
    enter_reset_code()
    set_new_password(client)
    assert signed_in.get("/account/settings/").status_code == 302


def test_reset_mail_goes_to_stored_address(client, ada, mailoutbox):
    client.post("/account/password/reset/", {"email": "ADA@EXAMPLE.org"})
    assert mailoutbox[0].to == ["ada@example.org"]


def test_look_alike_address_gets_no_reset_code(client, ada, mailoutbox):
    for address in [
        "аda@example.org",
        "ada@exаmple.org",
        "ａda@example.org",
    ]:  # Cyrillic, Cyrillic, full width
        client.post("/account/password/reset/", {"email": address})
    assert not [
        mail for mail in mailoutbox if "Your reset code" in mail.subject and mail.to != ["ada@example.org"]
    ]


@pytest.mark.slow
def test_reset_mails_per_address_are_limited_per_day(ada, mailoutbox, monkeypatch):
    """From a hundred IP addresses, over a whole day."""
    now = time.time()
    for number in range(100):
        monkeypatch.setattr(time, "time", lambda: now + number * 60 * 10)  # noqa: B023
        Client(REMOTE_ADDR=f"10.3.0.{number}").post("/account/password/reset/", {"email": "ada@example.org"})
    assert len(mailoutbox) <= 10
