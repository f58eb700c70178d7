"""Changing an e-mail address: the new one applies once its code has been entered."""

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD, make_user


@pytest.fixture
def ada_asks(client, ada, enter):
    """Ada asks to change her address to xena@example.org."""
    enter("ada")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client.post("/account/email/", {"email": "xena@example.org", "action_add": ""})


def test_the_new_address_counts_after_its_code(client, ada, ada_asks, code_in, mailoutbox):
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"
    client.post("/account/confirm-email/", {"code": code_in()})
    ada.refresh_from_db()
    assert ada.email == "xena@example.org"
    assert any(mail.to == ["ada@example.org"] for mail in mailoutbox)  # the old address is notified
    assert Client().post("/account/login/", {"login": "xena@example.org", "password": PASSWORD}).url == "/"


def test_somebody_else_was_quicker(client, ada, ada_asks, code_in):
    code = code_in()
    make_user("xena")  # xena@example.org
    answer = client.post("/account/confirm-email/", {"code": code}, follow=True)
    assert answer.status_code in (200, 422)
    assert User.objects.filter(email="xena@example.org").count() == 1
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"


def test_somebody_else_was_quicker_by_a_hair(client, ada, ada_asks, code_in, monkeypatch):
    """The check in Python finds the address free; the database finds it taken."""
    code = code_in()
    make_user("xena")
    monkeypatch.setattr("allauth.account.forms.email_already_exists", lambda **_: (None, False))
    monkeypatch.setattr("allauth.account.models.EmailAddress.can_set_verified", lambda self: True)
    answer = client.post("/account/confirm-email/", {"code": code}, follow=True)
    assert "is now used by another account" in answer.text
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"


def test_it_asks_for_the_password_first(client, ada, mailoutbox):
    client.force_login(ada)
    client.post("/account/email/", {"email": "xena@example.org", "action_add": ""})
    assert not mailoutbox
