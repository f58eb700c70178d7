"""No page tells whether an address has an account."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import get_hasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.conftest import PASSWORD


def normalized_html(answer, *addresses: str) -> str:
    """Returns the page without what always differs: tokens, and the address that was typed."""
    html = answer.text
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
def test_pages_are_identical_for_known_and_unknown_address(ada, form):
    url, fields = FORMS[form]
    known, unknown = "ada@example.org", "eve@example.org"
    pages = []
    for address in (known, unknown):
        browser = Client()
        answer = browser.post(url, fields(address))
        steps = [(answer.status_code, answer.headers.get("Location", ""))]
        if answer.status_code == 302:
            answer = browser.get(answer.url)
            steps.append((answer.status_code, normalized_html(answer, known, unknown)))
            answer = browser.post(answer.request["PATH_INFO"], {"code": "BBBB-BBBB"})
        steps.append((answer.status_code, normalized_html(answer, known, unknown)))
        if form == "sign-up":
            answer = browser.post("/account/confirm-email/", {"action": "resend"})
            steps.append((answer.status_code, answer.headers.get("Location", "")))
        pages.append(steps)
    assert pages[0] == pages[1]


@pytest.mark.slow
def test_email_change_page_is_identical_for_known_address(client, ada, ben, submit_login):
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
                normalized_html(page, "ben@example.org", "eve@example.org"),
            )
        )
    assert steps[0] == steps[1]


def test_sign_up_with_known_address_notifies_its_owner(client, ada, mailoutbox):
    client.post("/account/signup/", FORMS["sign-up"][1]("ada@example.org"))
    assert [(mail.to, "already" in mail.subject) for mail in mailoutbox] == [(["ada@example.org"], True)]


# --- Response times: the test counts the work done, since clocks are unreliable. ---


class WorkCounter:
    """What a request did: how many password hashes, which rows it wrote, how many mails it sent. Looking a row up by
    its key takes a thousandth of the time that these take, so the number of look-ups may differ by a few."""

    def __init__(self, monkeypatch, mailoutbox):
        self.hashed, self.mails = 0, mailoutbox
        self.looked_up: list[int] = []
        used = type(get_hasher())
        encode = used.encode

        def counted(hasher, *said, **more):
            self.hashed += 1
            return encode(hasher, *said, **more)

        monkeypatch.setattr(used, "encode", counted)

    def measure(self, act) -> tuple[int, list[str], int]:
        hashed, mails = self.hashed, len(self.mails)
        with CaptureQueriesContext(connection) as captured:
            act()
        shapes = [self.shape(query["sql"]) for query in captured]
        self.looked_up.append(sum(shape.startswith("SELECT") for shape in shapes))
        assert max(self.looked_up[-2:]) - min(self.looked_up[-2:]) <= 6
        written = sorted(shape for shape in shapes if shape and not shape.startswith("SELECT"))
        return self.hashed - hashed, written, len(self.mails) - mails

    @staticmethod
    def shape(sql: str) -> str:
        """Which statement on which table. What the limits count, and when they expire, is not secret."""
        what = re.match(r"SELECT|INSERT|UPDATE|DELETE", re.sub(r"^DECLARE .*? FOR ", "", sql))
        table = re.search(r'(?:FROM|INTO|UPDATE) "?(\w+)', sql)
        return f"{what[0]} {table[1]}" if what and table and table[1] != "cache" else ""


@pytest.fixture
def work(monkeypatch, mailoutbox):
    return WorkCounter(monkeypatch, mailoutbox)


def test_sign_up_does_equal_work_for_known_address(ada, work, settings):
    def join(name: str, address: str):
        fields = {**FORMS["sign-up"][1](address), "username": name}
        assert Client().post("/account/signup/", fields).status_code == 302

    join("warm", "warm@example.org")  # loads what is loaded once
    known = work.measure(lambda: join("newcomer", "ada@example.org"))
    unknown = work.measure(lambda: join("newcomer", "eve@example.org"))
    assert known == unknown
    assert (known[0], known[2]) == (1, 1)
    assert set(User.objects.values_list("name", flat=True)) == {"ada", "warm", "newcomer"}
    assert not EmailAddress.objects.filter(email__endswith=".invalid").exists()


def test_resending_code_does_equal_work_for_known_address(ada, work, monkeypatch):
    done, now = [], time.time()
    for address in ("ada@example.org", "eve@example.org"):
        browser = Client()
        monkeypatch.setattr(time, "time", lambda: now)
        browser.post("/account/signup/", FORMS["sign-up"][1](address))
        monkeypatch.setattr(time, "time", lambda: now + 30)
        done.append(work.measure(lambda: browser.post("/account/confirm-email/", {"action": "resend"})))  # noqa: B023
    assert done[0] == done[1]
    assert done[0][2] == 1


@pytest.mark.parametrize("login", ["ada@example.org", "ada", "eve@example.org", "eve"])
def test_failed_sign_in_hashes_exactly_once(ada, work, login):
    hashed, _, mails = work.measure(
        lambda: Client().post("/account/login/", {"login": login, "password": "wrong"})
    )
    assert (hashed, mails) == (1, 0)


def test_sign_in_does_equal_work_for_known_address(ada, work):
    def submit_login(address: str):
        Client().post("/account/login/", {"login": address, "password": "wrong"})

    submit_login("warm@example.org")
    assert work.measure(lambda: submit_login("ada@example.org")) == work.measure(
        lambda: submit_login("eve@example.org")
    )


def test_password_reset_does_equal_work_for_known_address(ada, work):
    def ask(address: str):
        assert Client().post("/account/password/reset/", {"email": address}).status_code == 302

    ask("warm@example.org")
    known, unknown = (
        work.measure(lambda: ask("ada@example.org")),
        work.measure(lambda: ask("eve@example.org")),
    )
    assert known == unknown
    assert (known[0], known[2]) == (0, 1)
    assert work.looked_up[0] == work.looked_up[1]  # nothing in this request takes long enough to hide one


@pytest.mark.slow
def test_email_change_does_equal_work_for_known_address(ada, ben, work):
    done = []
    for number, address in enumerate(("warm@example.org", "ben@example.org", "eve@example.org")):
        browser = Client(REMOTE_ADDR=f"10.4.1.{number}")
        browser.post("/account/login/", {"login": "ada", "password": PASSWORD})
        browser.post("/account/reauthenticate/", {"password": PASSWORD})
        form = {"email": address, "action_add": ""}
        done.append(work.measure(lambda: browser.post("/account/email/", form)))  # noqa: B023
    assert done[1] == done[2]
    assert done[1][2] == 1
