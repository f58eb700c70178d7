"""No page tells whether an address has an account."""

import re

import pytest
from django.test import Client

from tests.conftest import PASSWORD


def seen(answer, *addresses: str) -> str:
    """The page without what differs by itself: tokens, and the address that was typed."""
    html = answer.content.decode()
    html = re.sub(r'(csrfmiddlewaretoken"|name="csrfmiddlewaretoken") value="[^"]*"', "", html)
    for address in addresses:
        html = html.replace(address, "ADDRESS")
    return html


FORMS = {
    "sign-in": ("/account/login/", lambda address: {"login": address, "password": "wrong"}),
    "reset": ("/account/password/reset/", lambda address: {"email": address}),
    "sign-up": (
        "/account/signup/",
        lambda address: {
            "username": "newcomer",
            "email": address,
            "password1": PASSWORD,
            "accepts_rules": "on",
        },
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_known_and_unknown_read_the_same(ada, form):
    url, fields = FORMS[form]
    known, unknown = "ada@example.org", "eve@example.org"
    pages = []
    for address in (known, unknown):
        browser = Client()
        answer = browser.post(url, fields(address))
        steps = [(answer.status_code, answer.headers.get("Location", ""))]
        if answer.status_code == 302:
            answer = browser.get(answer.url)
            steps.append((answer.status_code, seen(answer, known, unknown)))
            answer = browser.post(answer.request["PATH_INFO"], {"code": "BBBB-BBBB"})
        steps.append((answer.status_code, seen(answer, known, unknown)))
        if form == "sign-up":
            answer = browser.post("/account/confirm-email/", {"action": "resend"})
            steps.append((answer.status_code, answer.headers.get("Location", "")))
        pages.append(steps)
    assert pages[0] == pages[1]


def test_changing_to_a_known_address_reads_the_same(client, ada, ben, enter):
    steps = []
    for address in ("ben@example.org", "eve@example.org"):
        browser = Client(REMOTE_ADDR=f"10.4.0.{len(steps)}")
        browser.post("/account/login/", {"login": "ada", "password": PASSWORD})
        browser.post("/account/reauthenticate/", {"password": PASSWORD})
        answer = browser.post("/account/email/", {"email": address, "action_add": ""})
        page = browser.get(answer.url)
        steps.append(
            (
                answer.status_code,
                answer.url,
                page.status_code,
                seen(page, "ben@example.org", "eve@example.org"),
            )
        )
    assert steps[0] == steps[1]


def test_the_owner_of_a_known_address_is_told(client, ada, mailoutbox):
    client.post("/account/signup/", FORMS["sign-up"][1]("ada@example.org"))
    assert [(mail.to, "already" in mail.subject) for mail in mailoutbox] == [(["ada@example.org"], True)]
