"""Password reset: a mailed code, valid once, for a while, and only while the account is unchanged."""

import time

import pytest
from django.test import Client

from tests.conftest import PASSWORD

NEW = "blue-tit-77-sings"


@pytest.fixture
def ask(client, ada, code_in):
    """Ada asks for a code and enters it."""

    def go(browser: Client = client):
        browser.post("/account/password/reset/", {"email": "ada@example.org"})
        return browser.post("/account/password/reset/confirm/", {"code": code_in()})

    return go


def choose(browser: Client, password: str = NEW):
    return browser.post("/account/password/reset/complete/", {"password1": password})


def test_a_new_password_by_mail(client, ada, ask):
    ask()
    assert choose(client).url == "/account/password/reset/done/"
    ada.refresh_from_db()
    assert ada.check_password(NEW)


def test_the_code_is_good_once(client, ada, ask, code_in):
    ask()
    code = code_in()
    choose(client)
    client.post("/account/password/reset/confirm/", {"code": code})
    choose(client, "another-one-99")
    ada.refresh_from_db()
    assert ada.check_password(NEW)


def test_it_is_of_no_use_in_another_browser(client, ada, ask, code_in):
    client.post("/account/password/reset/", {"email": "ada@example.org"})
    other = Client()
    other.post("/account/password/reset/confirm/", {"code": code_in()})
    choose(other)
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_it_expires_also_after_it_was_entered(client, ada, ask, monkeypatch):
    ask()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 16 * 60)
    choose(client)
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


@pytest.mark.parametrize("change", ["password", "email"])
def test_it_dies_when_the_account_changes(client, ada, ask, change):
    ask()
    if change == "password":
        ada.set_password("changed-elsewhere-1")
    else:
        ada.email = "ada@new.example"
    ada.save()
    before = ada.password
    assert choose(client).status_code == 422
    ada.refresh_from_db()
    assert ada.password == before


def test_three_wrong_codes_end_it(client, ada, code_in):
    client.post("/account/password/reset/", {"email": "ada@example.org"})
    for _ in range(3):
        client.post("/account/password/reset/confirm/", {"code": "BBBB-BBBB"})
    client.post("/account/password/reset/confirm/", {"code": code_in()})
    choose(client)
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_it_ends_all_sessions(client, ada, ask):
    signed_in = Client()
    signed_in.force_login(ada)
    ask()
    choose(client)
    assert signed_in.get("/account/settings/").status_code == 302


def test_the_mail_goes_to_the_address_of_the_account(client, ada, mailoutbox):
    client.post("/account/password/reset/", {"email": "ADA@EXAMPLE.org"})
    assert mailoutbox[0].to == ["ada@example.org"]


def test_a_look_alike_gets_no_code(client, ada, mailoutbox):
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
def test_one_address_is_mailed_so_often_a_day_and_no_more(ada, mailoutbox, monkeypatch):
    """From a hundred IP addresses, over a whole day."""
    now = time.time()
    for number in range(100):
        monkeypatch.setattr(time, "time", lambda: now + number * 60 * 10)  # noqa: B023
        Client(REMOTE_ADDR=f"10.3.0.{number}").post("/account/password/reset/", {"email": "ada@example.org"})
    assert len(mailoutbox) <= 10
