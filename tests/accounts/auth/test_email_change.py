"""Changing an e-mail address: the new one applies once its code has been entered."""

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD, make_user


@pytest.fixture
def email_change_requested(client, ada, submit_login):
    """Ada asks to change her address to xena@example.org."""
    submit_login("ada")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client.post("/account/email/", {"email": "xena@example.org", "action_add": ""})


def test_new_address_applies_after_confirmation_code(
    client, ada, email_change_requested, read_mailed_code, mailoutbox
):
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"
    client.post("/account/confirm-email/", {"code": read_mailed_code()})
    ada.refresh_from_db()
    assert ada.email == "xena@example.org"
    assert any(mail.to == ["ada@example.org"] for mail in mailoutbox)  # the old address is notified
    assert Client().post("/account/login/", {"login": "xena@example.org", "password": PASSWORD}).url == "/"


def test_address_taken_before_confirmation_is_rejected(client, ada, email_change_requested, read_mailed_code):
    code = read_mailed_code()
    make_user("xena")  # xena@example.org
    answer = client.post("/account/confirm-email/", {"code": code}, follow=True)
    assert answer.status_code in (200, 422)
    assert User.objects.filter(email="xena@example.org").count() == 1
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"


def test_address_taken_during_confirmation_is_rejected_by_database(
    client, ada, email_change_requested, read_mailed_code, monkeypatch
):
    """The check in Python finds the address free; the database finds it taken."""
    code = read_mailed_code()
    make_user("xena")
    monkeypatch.setattr("allauth.account.forms.email_already_exists", lambda **_: (None, False))
    monkeypatch.setattr("allauth.account.models.EmailAddress.can_set_verified", lambda self: True)
    answer = client.post("/account/confirm-email/", {"code": code}, follow=True)
    assert "is now used by another account" in answer.text
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"


def test_email_change_requires_password_first(client, ada, mailoutbox):
    client.force_login(ada)
    client.post("/account/email/", {"email": "xena@example.org", "action_add": ""})
    assert not mailoutbox
