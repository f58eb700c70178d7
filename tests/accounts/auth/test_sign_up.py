"""Signing up with a mailed code."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from accounts.models import FormerName, User

DORA = {"username": "Dora", "email": "dora@example.org", "password1": "grey-heron-42", "accepts_rules": "on"}


def test_mailed_code_completes_sign_up(client, db, mailoutbox, read_mailed_code):
    answer = client.post("/account/signup/?next=/rules/", DORA)
    assert answer.status_code == 302
    assert answer.url.startswith("/account/confirm-email/")
    page = client.get(answer.url)
    assert "dora@example.org" in page.text
    answer = client.post(answer.url, {"code": read_mailed_code()})
    assert (answer.status_code, answer.url) == (302, "/rules/")
    dora = User.objects.get(name="Dora")
    assert client.session["_auth_user_id"] == str(dora.pk)
    assert dora.role == "member"
    assert re.fullmatch(r"Your code for Belfry: [A-Z]{4}-[A-Z]{4}", mailoutbox[0].subject)


def test_new_member_cannot_sign_in_before_confirmation(client, db):
    client.post("/account/signup/", DORA)
    assert "_auth_user_id" not in client.session
    fresh = Client()
    fresh.post("/account/login/", {"login": "Dora", "password": DORA["password1"]})
    assert "_auth_user_id" not in fresh.session


def test_three_wrong_codes_end_sign_up(client, db, read_mailed_code):
    client.post("/account/signup/", DORA)
    statuses = [client.post("/account/confirm-email/", {"code": "BBBB-BBBB"}).status_code for _ in range(3)]
    assert statuses[:2] == [422, 422]
    client.post("/account/confirm-email/", {"code": read_mailed_code()})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("name", ["ada", "Ada", "ADA", "ａｄａ"])
def test_look_alike_of_taken_name_is_rejected(client, ada, name):
    answer = client.post("/account/signup/", {**DORA, "username": name})
    assert answer.status_code == 422
    assert User.objects.count() == 1


def test_former_name_stays_reserved(client, ada):
    FormerName.objects.create(user=ada, name="dora", name_key="dora")
    assert client.post("/account/signup/", DORA).status_code == 422
    assert User.objects.count() == 1


@pytest.mark.parametrize("role", ["admin", "moderator"])
def test_sign_up_ignores_role_and_internal_fields(client, db, role):
    client.post(
        "/account/signup/", {**DORA, "role": role, "is_staff": "1", "name_key": "x", "about_html": "<b>"}
    )
    dora = User.objects.get()
    assert (dora.role, dora.name_key, dora.about_html) == ("member", "dora", "")


def test_unreachable_mail_server_shows_message_not_error_page(client, db, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    answer = client.post("/account/signup/", DORA, follow=True)
    assert answer.status_code == 200
    assert "We couldn’t send you an email" in answer.text


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_sign_ups_with_one_name_make_one_account():
    def join(number):
        spelling = ["Dora", "dora", "DORA"][number % 3]
        fields = {**DORA, "username": spelling, "email": f"dora{number}@example.org"}
        try:
            return Client(REMOTE_ADDR=f"10.0.0.{number}").post("/account/signup/", fields).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as crowd:
        statuses = sorted(crowd.map(join, range(20)))
    assert statuses == [302] + [422] * 19
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_concurrent_sign_ups_with_one_address_make_one_account():
    def join(number):
        fields = {**DORA, "username": f"dora{number}"}
        try:
            return Client(REMOTE_ADDR=f"10.0.0.{number}").post("/account/signup/", fields).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as crowd:
        statuses = set(crowd.map(join, range(8)))
    assert User.objects.count() == 1
    assert statuses <= {302, 429}  # 429: an address gets one mail in ten seconds
