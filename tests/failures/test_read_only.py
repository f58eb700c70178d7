"""What cannot be written comes back with a 503 at once, without a database query, ready to be sent again."""

from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from config.availability import database_monitor
from forum.models import Post

TEXT = "A bell that <nobody> hears & yet it rings"


@pytest.fixture(params=["read-only by choice", "read-only", "away"])
def end_read_only(request, monkeypatch, settings):
    """Each way in which the forum is read-only; call it to end that state."""
    if request.param == "read-only by choice":
        settings.READ_ONLY = True
    state = {
        "read-only": database_monitor.Database(is_read_only=True),
        "away": database_monitor.Database(is_well=False),
    }
    monkeypatch.setattr(database_monitor, "database", state.get(request.param, database_monitor.Database()))

    def end():
        settings.READ_ONLY = False
        monkeypatch.setattr(database_monitor, "database", database_monitor.Database())

    return end


@pytest.fixture
def read_only(monkeypatch, db):
    """The server rejects writes, and the monitor knows."""
    monkeypatch.setattr(database_monitor, "database", database_monitor.Database(is_read_only=True))


@pytest.fixture
def make_server_read_only(db):
    """The server rejects writes, and Belfry has not noticed yet."""

    def refuse():
        connection.check_constraints()  # deferred checks lock rows, which counts as writing
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY; SET LOCAL default_transaction_read_only = on")

    return refuse


class ResendForm(HTMLParser):
    """Collects the fields of the form that sends the text again, as a browser would."""

    def __init__(self, page):
        super().__init__()
        self.fields, self.action, self._open = {}, "", ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            self.action = said["action"]
        if tag == "input":
            self.fields[said["name"]] = said.get("value", "")
        if tag == "textarea":
            self._open = said.get("name", "")

    def handle_data(self, data):
        if self._open:
            self.fields[self._open] = data.removeprefix("\n")
            self._open = ""


def post_reply(client, topic, **more):
    said = {"body": TEXT, "submission_key": str(uuid4()), **more}
    return client.post(f"{topic.get_absolute_url()}reply/", said)


def test_rejected_reply_is_returned_without_query(
    end_read_only, topic, cleo, sign_in, django_assert_num_queries
):
    client = sign_in(cleo)
    with django_assert_num_queries(0):
        response = post_reply(client, topic)
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert response["Cache-Control"] == "private, no-store"
    assert ResendForm(response.text).fields["body"] == TEXT


def test_returned_text_can_be_resent_when_writable_again(end_read_only, topic, cleo, db):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cleo)
    client.cookies["csrf"] = "b" * 32
    form = ResendForm(post_reply(client, topic, csrfmiddlewaretoken="b" * 32).text)
    end_read_only()
    assert client.post(form.action, form.fields).status_code == 302
    assert client.post(form.action, form.fields).status_code == 302
    assert Post.objects.filter(body=TEXT).count() == 1


def test_password_is_not_returned(end_read_only, db):
    response = Client().post("/account/login/", {"login": "ada", "password": "a-bell-in-a-tower"})
    assert response.status_code == 503
    assert b"a-bell-in-a-tower" not in response.content


def test_cross_site_post_is_not_offered_for_resending(end_read_only, topic, cleo, sign_in):
    client = sign_in(cleo)
    said = {"body": TEXT, "submission_key": str(uuid4())}
    response = client.post(
        f"{topic.get_absolute_url()}reply/", said, headers={"Origin": "https://evil.example"}
    )
    assert response.status_code == 503
    assert b"send-again" not in response.content


@pytest.mark.parametrize(
    "page", ["/", "/s/talk/", "topic", "/u/ada/", "/account/settings/", "/account/login/"]
)
def test_pages_stay_readable_and_show_read_only_notice(
    read_only, make_server_read_only, topic, ada, sign_in, page
):
    page = topic.get_absolute_url() if page == "topic" else page
    clients = [sign_in(ada), sign_in(None)]
    make_server_read_only()
    for client in clients:
        response = client.get(page, follow=True)
        assert response.status_code == 200
        assert b'data-state="read-only"' in response.content


def test_writable_forum_shows_no_read_only_notice(topic, guest):
    assert b'data-state="read-only"' not in guest.get("/").content


def test_write_rejected_by_server_returns_503_with_text(make_server_read_only, topic, cleo, sign_in):
    client = sign_in(cleo)
    client.raise_request_exception = False
    make_server_read_only()
    response = post_reply(client, topic)
    assert response.status_code == 503
    assert ResendForm(response.text).fields["body"] == TEXT


def test_read_only_form_shows_but_does_not_consume_preserved_text(read_only, topic, cleo, sign_in):
    """A form normally removes its preserved text from the session when it is shown; here the text has to stay."""
    client = sign_in(cleo)
    path = f"{topic.get_absolute_url()}reply/"
    session = client.session
    session["kept"] = {"path": path, "fields": {"body": TEXT}}
    session.save()
    assert TEXT in ResendForm(client.get(path).text).fields.values()
    assert client.session["kept"]["fields"]["body"] == TEXT
