"""The database is away: pages say so, and what was typed comes back. Nothing is a 500."""

import shutil
from uuid import uuid4

import pytest
from django.db import connections
from django.template.loader import render_to_string

from config.embedded_postgres.server import ensure_running, socket_directory
from tests.support.granian import ask, served

TYPED_TEXT = "What I typed for a quarter of an hour"
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
def port_without_database(tmp_path_factory):
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
def test_page_returns_503_without_database(port_without_database, address):
    answer = ask(port_without_database, "GET", address, **COOKIES)
    assert (answer.status, answer.getheader("Retry-After")) == (503, "5")
    assert "Temporarily unavailable" in answer.text
    assert answer.getheader("Content-Security-Policy")


@pytest.mark.parametrize("cookies", [COOKIES, {"Cookie": f"csrf={'t' * 32}"}], ids=["member", "guest"])
@pytest.mark.parametrize("address", FORMS)
def test_typed_text_is_returned_without_database(port_without_database, address, cookies):
    fields = {
        "body": TYPED_TEXT,
        "comment": TYPED_TEXT,
        "reason": "other",
        "version": "1",
        "submission_key": str(uuid4()),
    }
    answer = ask(port_without_database, "POST", address, fields, **cookies)
    if "session" not in cookies["Cookie"] and address != "/account/login/":
        assert answer.status in (403, 503)  # no database is needed to reject a guest
    else:
        assert (answer.status, answer.getheader("Retry-After")) == (503, "5")
    assert TYPED_TEXT in answer.text


def test_health_checks_report_live_but_not_ready(port_without_database):
    assert ask(port_without_database, "GET", "/livez").status == 200
    answer = ask(port_without_database, "GET", "/readyz")
    assert answer.status == 503
    assert "the database does not respond" in answer.text


def test_unknown_page_is_404_without_database(port_without_database):
    assert ask(port_without_database, "GET", "/no/such/page/").status == 404


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500, 503])
def test_error_page_needs_no_database(status, monkeypatch):
    """No test may use the database unless it asks for it: this one would fail if the page did."""
    monkeypatch.setattr(connections["default"], "ensure_connection", None)
    assert str(status) in render_to_string(f"{status}.html")
