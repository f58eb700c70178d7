"""Signing in by name or e-mail address, and where it redirects to."""

import pytest
from django.test import Client

from accounts.models import FormerName, User
from tests.conftest import PASSWORD, offers


@pytest.mark.parametrize("login", ["ada", "ADA", " ada ", "ada@example.org", "ADA@Example.org"])
def test_by_name_or_address_however_it_is_written(client, ada, enter, login):
    assert enter(login).url == "/"
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_a_former_name_signs_its_owner_in(client, ada, enter):
    FormerName.objects.create(user=ada, name="lovelace", name_key="lovelace")
    assert enter("lovelace").url == "/"
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_a_wrong_password_is_told_in_words_of_its_own(ada, enter):
    page = enter("ada", "wrong").text
    assert "<h2>Sign-in failed</h2>" in page
    assert "<title>Error: Sign in" in page
    assert "Enter your password." in enter("ada", "").text


def test_it_takes_one_look_through_an_index(ada, django_assert_num_queries):
    with django_assert_num_queries(1):
        User.objects.by_name_or_email("ada@example.org")
    plan = User.objects.filter(name_key="ada").explain()
    assert "Index" in plan or "Seq" in plan  # a table this small is read in full; the index is the unique one
    assert User._meta.get_field("name_key").unique
    assert User._meta.get_field("email").unique


def test_the_session_changes_at_sign_in_and_dies_at_sign_out(client, ada, enter):
    client.get("/account/login/")
    session = client.session
    session["seen"] = "before"
    session.save()
    before = client.cookies["session"] = session.session_key
    enter("ada")
    signed_in = client.cookies["session"].value
    assert signed_in != before
    client.post("/account/logout/")
    old = Client()
    old.cookies["session"] = signed_in
    assert old.get("/account/settings/").status_code == 302


def test_sign_out_asks_first_and_ends_by_post_alone(client, ada, enter):
    enter("ada")
    assert offers(client.get("/account/logout/"), "sign-out")
    assert "_auth_user_id" in client.session
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["login/", "signup/", "logout/", "password/reset/", "2fa/webauthn/login/"])
def test_a_form_without_its_token_does_nothing(browser, ada, path):
    answer = browser.post(f"/account/{path}", {"login": "ada", "password": PASSWORD})
    assert answer.status_code == 403
    assert "_auth_user_id" not in browser.session
    assert PASSWORD not in answer.text


def test_too_many_guesses_at_one_person_however_spelled(client, ada, enter):
    spellings = ["ada", "ADA", "Ada", "ada@example.org", "aDa"]
    for number, login in enumerate(spellings):
        Client(REMOTE_ADDR=f"10.1.0.{number}").post("/account/login/", {"login": login, "password": "wrong"})
    answer = enter("ada")
    assert answer.status_code == 422
    assert "Too many attempts" in answer.text
    assert "_auth_user_id" not in client.session


def test_guesses_from_one_place_at_many_people(client, ada, enter):
    for number in range(10):
        enter(f"nobody{number}", "wrong")
    assert enter("ada").status_code == 422


def test_a_spoofed_address_changes_no_limit(client, ada):
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
def test_no_header_signs_anybody_in(client, ada, header):
    assert client.get("/account/settings/", **{header: "ada"}).status_code == 302


ELSEWHERE = [
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
def test_next_leads_nowhere_else_after_signing_in(ada):
    assert len(ELSEWHERE) >= 60
    for number, spelling in enumerate(ELSEWHERE):
        fields = {"login": "ada", "password": PASSWORD, "next": spelling}
        answer = Client(REMOTE_ADDR=f"10.2.0.{number}").post("/account/login/", fields)
        assert answer.status_code == 302
        assert _stays(answer.url), (spelling, answer.url)


@pytest.mark.parametrize("path", ["login", "signup", "logout"])
def test_next_leads_nowhere_else_from(client, ada, path):
    """A member who is signed in already is redirected at once; signing out redirects after its POST."""
    for spelling in ELSEWHERE:
        client.force_login(ada)
        ask = client.post if path == "logout" else client.get
        answer = ask(f"/account/{path}/", {"next": spelling})
        assert answer.status_code in (302, 400), spelling
        assert answer.status_code == 400 or _stays(answer.url), (spelling, answer.url)


def _stays(url: str) -> bool:
    """Decides as a browser does: a URL that begins with two slashes or backslashes is another host."""
    return url.startswith("/") and not url.startswith(("//", "/\\", "/\t", "/\n", "/\r"))


def test_next_leads_back_to_where_one_was(enter, ada):
    assert enter("ada", next="/t/1/slow-search/?page=2").url == "/t/1/slow-search/?page=2"
