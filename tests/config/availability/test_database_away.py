"""The database is away: pages say so, and what was typed comes back. Nothing is a 500."""

import shutil
from uuid import uuid4

import pytest
from django.db import connections
from django.template.loader import render_to_string

from config.embedded_postgres.server import ensure_running, socket_directory
from tests.support.served import ask, served

TYPED = "What I typed for a quarter of an hour"
PAGES = [
    "/",
    "/s/talk/",
    "/t/1/a/",
    "/p/1/",
    "/p/1/history/",
    "/u/ada/",
    "/account/login/",
    "/account/settings/",
]
FORMS = ["/t/1/a/reply/", "/s/talk/new/", "/p/1/edit/", "/p/1/report/", "/t/1/a/close/", "/account/login/"]
COOKIES = {"Cookie": f"session={'s' * 32}; csrf={'t' * 32}"}


@pytest.fixture(scope="module")
def left_alone(tmp_path_factory):
    """The port of a Belfry whose PostgreSQL has gone away."""
    data_dir = tmp_path_factory.mktemp("away") / "postgres"
    server = ensure_running(data_dir, durable=False)
    url = f"postgres://belfry@{server.host.replace('/', '%2F')}/belfry"
    with served(DATABASE_URL=url) as port:
        assert ask(port, "GET", "/readyz").status == 503  # it is there, with nothing in it
        server.stop()
        yield port
    shutil.rmtree(socket_directory(data_dir), ignore_errors=True)


@pytest.mark.slow
@pytest.mark.parametrize("address", PAGES)
def test_a_page_says_that_it_is_closed_for_a_moment(left_alone, address):
    answer = ask(left_alone, "GET", address, **COOKIES)
    assert (answer.status, answer.getheader("Retry-After")) == (503, "5")
    assert "Temporarily unavailable" in answer.text
    assert answer.getheader("Content-Security-Policy")


@pytest.mark.parametrize("cookies", [COOKIES, {"Cookie": f"csrf={'t' * 32}"}], ids=["member", "guest"])
@pytest.mark.parametrize("address", FORMS)
def test_what_was_typed_comes_back(left_alone, address, cookies):
    fields = {
        "body": TYPED,
        "comment": TYPED,
        "reason": "other",
        "version": "1",
        "submission_key": str(uuid4()),
    }
    answer = ask(left_alone, "POST", address, fields, **cookies)
    if "session" not in cookies["Cookie"] and address != "/account/login/":
        assert answer.status in (403, 503)  # no database is needed to reject a guest
    else:
        assert (answer.status, answer.getheader("Retry-After")) == (503, "5")
    assert TYPED in answer.text


def test_it_lives_and_says_why_it_is_not_ready(left_alone):
    assert ask(left_alone, "GET", "/livez").status == 200
    answer = ask(left_alone, "GET", "/readyz")
    assert answer.status == 503
    assert "the database does not respond" in answer.text


def test_a_page_that_never_was_is_still_not_there(left_alone):
    assert ask(left_alone, "GET", "/no/such/page/").status == 404


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500, 503])
def test_an_error_page_needs_no_database(status, monkeypatch):
    """No test may use the database unless it asks for it: this one would fail if the page did."""
    monkeypatch.setattr(connections["default"], "ensure_connection", None)
    assert str(status) in render_to_string(f"{status}.html")
