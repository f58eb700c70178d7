"""Signing in by name or e-mail address, and where it redirects to."""

import pytest
from django.db import connection
from django.test import Client

from accounts.models import FormerName, User
from tests.conftest import PASSWORD, offers


@pytest.mark.parametrize("login", ["ada", "ADA", " ada ", "ada@example.org", "ADA@Example.org"])
def test_sign_in_accepts_name_or_email_in_any_case(client, ada, submit_login, login):
    assert submit_login(login).url == "/"
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_member_can_sign_in_with_former_name(client, ada, submit_login):
    FormerName.objects.create(user=ada, name="lovelace", name_key="lovelace")
    assert submit_login("lovelace").url == "/"
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_wrong_and_empty_password_show_their_own_errors(ada, submit_login):
    page = submit_login("ada", "wrong").text
    assert "<h2>Sign-in failed</h2>" in page
    assert "<title>Error: Sign in" in page
    assert "Enter your password." in submit_login("ada", "").text


@pytest.mark.parametrize("login", ["ada", "ada@example.org"])
def test_member_lookup_is_one_query_that_reads_an_index(ada, django_assert_num_queries, login):
    with django_assert_num_queries(1) as queries:
        assert User.objects.by_name_or_email(login) == ada
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a table this small would be read in full
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Cond:" in plan, plan


def test_session_key_changes_at_sign_in_and_ends_at_sign_out(client, ada, submit_login):
    client.get("/account/login/")
    session = client.session
    session["seen"] = "before"
    session.save()
    before = client.cookies["session"] = session.session_key
    submit_login("ada")
    signed_in = client.cookies["session"].value
    assert signed_in != before
    client.post("/account/logout/")
    old = Client()
    old.cookies["session"] = signed_in
    assert old.get("/account/settings/").status_code == 302


def test_sign_out_asks_for_confirmation_and_requires_post(client, ada, submit_login):
    submit_login("ada")
    assert offers(client.get("/account/logout/"), "sign-out")
    assert "_auth_user_id" in client.session
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["login/", "signup/", "logout/", "password/reset/", "2fa/webauthn/login/"])
def test_account_form_without_csrf_token_is_rejected(browser, ada, path):
    answer = browser.post(f"/account/{path}", {"login": "ada", "password": PASSWORD})
    assert answer.status_code == 403
    assert "_auth_user_id" not in browser.session
    assert PASSWORD not in answer.text


def test_guess_limit_per_account_counts_all_spellings(client, ada, submit_login):
    spellings = ["ada", "ADA", "Ada", "ada@example.org", "aDa"]
    for number, login in enumerate(spellings):
        Client(REMOTE_ADDR=f"10.1.0.{number}").post("/account/login/", {"login": login, "password": "wrong"})
    answer = submit_login("ada")
    assert answer.status_code == 422
    assert "Too many attempts" in answer.text
    assert "_auth_user_id" not in client.session


@pytest.mark.slow
def test_guess_limit_per_ip_counts_all_accounts(client, ada, submit_login):
    for number in range(10):
        submit_login(f"nobody{number}", "wrong")
    assert submit_login("ada").status_code == 422


def test_forwarded_for_header_does_not_evade_guess_limit(client, ada):
    for number in range(6):
        client.post(
            "/account/login/",
            {"login": "ada", "password": "wrong"},
            headers={"x-forwarded-for": f"1.2.3.{number}"},
        )
    answer = client.post(
        "/account/login/", {"login": "ada", "password": PASSWORD}, headers={"x-forwarded-for": "9.9.9.9"}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "header", ["REMOTE_USER", "HTTP_REMOTE_USER", "HTTP_X_REMOTE_USER", "HTTP_AUTHORIZATION"]
)
def test_request_headers_cannot_sign_in(client, ada, header):
    assert client.get("/account/settings/", **{header: "ada"}).status_code == 302


EXTERNAL_URLS = [
    "//e.example", "///e.example", "////e.example", "/\\e.example", "\\/e.example", "\\\\e.example",
    "/\\/e.example", "http://e.example", "https://e.example", "HTTPS://e.example", "https:e.example",
    "https:/e.example", "http:///e.example", "https:\\\\e.example", "ftp://e.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x",
    "file:///etc/passwd", "mailto:a@e.example", "blob:x", "view-source:x", " //e.example", "\t//e.example",
    "\n//e.example", "\r\n//e.example", "/\t/e.example", "/\n/e.example", "/\r/e.example",
    "\x00//e.example", "\x0b//e.example", "\x0c//e.example", "\x1f//e.example", "\u00a0//e.example",
    "\u2003//e.example", "//e.example/%2f..", "//e.example\\@testserver", "//testserver@e.example",
    "http://testserver@e.example/", "http://testserver:80@e.example/", "http://testserver.e.example/",
    "//testserver.e.example", "http://e.example#testserver", "http://e.example?testserver",
    "https://testserver\\.e.example", "//0x7f000001", "//[::1]/", "http://[e.example", "e.example",
    "e.example/path", "?//e.example", "#//e.example", "./e.example", "../e.example", "@e.example",
    "%2f%2fe.example", "http:%2f%2fe.example", "//%65.example", "\uff0f\uff0fe.example",
    "/\uff0fe.example\\", "http://localhost/", "http://127.0.0.1/",
]  # fmt: skip


@pytest.mark.slow
def test_next_cannot_redirect_off_site_after_sign_in(ada):
    assert len(EXTERNAL_URLS) >= 60
    for number, spelling in enumerate(EXTERNAL_URLS):
        fields = {"login": "ada", "password": PASSWORD, "next": spelling}
        answer = Client(REMOTE_ADDR=f"10.2.0.{number}").post("/account/login/", fields)
        assert answer.status_code == 302
        assert _is_local(answer.url), (spelling, answer.url)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["login", "signup", "logout"])
def test_next_cannot_redirect_off_site_when_signed_in(client, ada, path):
    """A member who is signed in already is redirected at once; signing out redirects after its POST."""
    for spelling in EXTERNAL_URLS:
        client.force_login(ada)
        ask = client.post if path == "logout" else client.get
        answer = ask(f"/account/{path}/", {"next": spelling})
        assert answer.status_code in (302, 400), spelling
        assert answer.status_code == 400 or _is_local(answer.url), (spelling, answer.url)


def _is_local(url: str) -> bool:
    """Decides as a browser does: a URL that begins with two slashes or backslashes is another host."""
    return url.startswith("/") and not url.startswith(("//", "/\\", "/\t", "/\n", "/\r"))


def test_next_redirects_to_previous_page(submit_login, ada):
    assert submit_login("ada", next="/t/1/slow-search/?page=2").url == "/t/1/slow-search/?page=2"
