"""What attackers from outside try: their host in our mail, their lines in our log, our files in their hands."""

import json
import logging

import pytest
from django.conf import settings
from django.test import Client

from config.web.log_format import OneLine
from tests.conftest import PASSWORD, make_user

PRIVATE_PATHS = [
    "/.git/config", "/.git/HEAD", "/.env", "/.env.local", "/settings.py", "/config/settings.py", "/manage.py",
    "/README.md", "/pyproject.toml", "/requirements/production.txt", "/db.sqlite3", "/var/postgres/PG_VERSION",
    "/var/static/site.css", "/backup.sql", "/backup.zip", "/dump.sql.gz", "/id_rsa", "/server.log", "/admin/",
    "/wp-login.php", "/static/", "/static/..", "/static/../manage.py", "/static/..%2fmanage.py", "/static/%2e%2e/.env",
    "/static//etc/passwd", "/static/%2fetc%2fpasswd", "/static/css/../../manage.py", "/static/.git/config",
    "/static/staticfiles.json", "/static/css/", "/static/css/tokens.css~", "/static/css/tokens.css.bak", "/media/",
    "/templates/base.html", "/tests/conftest.py", "/accounts/models/user.py", "/forum/urls.py",
    "/static/\\..\\manage.py", "/..;/manage.py", "/%2e%2e/%2e%2e/etc/passwd", "/static/..%5cmanage.py",
    "/server-status", "/debug/", "/__debug__/", "/.well-known/security.txt", "/.DS_Store", "/.ci/run", "/Dockerfile",
]  # fmt: skip


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "testserver@evil.example"},
        {"HTTP_HOST": "testserver:80@evil.example"},
        {"HTTP_HOST": "testserver evil.example"},
        {"HTTP_HOST": "evil.example#testserver"},
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_FORWARDED": "host=evil.example"},
        {"HTTP_X_HOST": "evil.example"},
        {"HTTP_X_FORWARDED_SERVER": "evil.example"},
        {"HTTP_X_ORIGINAL_HOST": "evil.example"},
        {"SERVER_NAME": "evil.example"},
    ],
    ids=str,
)
def test_request_host_does_not_appear_in_mail(ada, mailoutbox, headers):
    response = Client(**headers).post("/account/password/reset/", {"email": ada.email})
    assert response.status_code in (302, 400)
    assert "evil.example" not in "".join(f"{mail.subject}{mail.body}" for mail in mailoutbox)
    assert "evil.example" not in response.get("Location", "")


@pytest.mark.parametrize("address", ["a@example.org\r\nBcc: b@example.org", "a@example.org\nBcc:b@example.org",
                                     "a@example.org,b@example.org", "a@example.org%0aBcc:b@example.org"])  # fmt: skip
def test_injected_address_adds_no_mail_recipient(db, mailoutbox, address):
    make_user("ada")
    for page, field in (("/account/password/reset/", "email"), ("/account/signup/", "email")):
        Client().post(page, {field: address, "username": "zoe", "password1": PASSWORD})
    for mail in mailoutbox:
        assert len(mail.recipients()) == 1
        assert not {"b@example.org"} & set(mail.recipients())
        assert "\n" not in mail.subject


def test_requested_url_cannot_forge_log_line(db, caplog):
    """A typed URL cannot forge a log line of its own."""
    with caplog.at_level(logging.WARNING, logger="django.request"):
        Client().get("/nowhere%0a%0d%7b%22level%22:%22INFO%22%7d%e2%80%a8/")
    lines = [OneLine().format(record) for record in caplog.records]
    assert lines
    for line in lines:
        assert len(line.splitlines()) == 1
        assert json.loads(line)["level"] == "WARNING"


@pytest.mark.parametrize("address", PRIVATE_PATHS)
def test_private_file_is_not_served(db, address):
    assert Client().get(address).status_code in (301, 404), address
    if Client().get(address).status_code == 301:  # a slash is missing; the redirect's target does not exist
        assert Client().get(address, follow=True).status_code == 404


def test_control_static_files_and_known_host_are_accepted(db):
    """The control: files below /static/ can be fetched, and known hosts are accepted."""
    assert Client().get("/static/css/tokens.css").status_code == 200
    assert "testserver" in settings.ALLOWED_HOSTS
