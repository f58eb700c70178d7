"""Helpers that go through the account pages."""

import re

import pytest
from django.test import Client

from tests.conftest import PASSWORD
from tests.support.attachments import attachment_dir  # noqa: F401 - a fixture


@pytest.fixture
def browser() -> Client:
    """A browser that enforces CSRF tokens."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def submit_login(client):
    """Sign in on the page."""

    def go(login: str, password: str = PASSWORD, **fields: str):
        return client.post("/account/login/", {"login": login, "password": password, **fields})

    return go


@pytest.fixture
def read_mailed_code(mailoutbox):
    """Returns the code in the newest mail."""

    def read() -> str:
        return re.search(r"^ +([A-Z]{4}-[A-Z]{4})$", mailoutbox[-1].body, re.M)[1]

    return read
