"""The cast, and the ways a person goes that many tests share."""

import re

import pytest
from django.test import Client

from accounts.models import User

PASSWORD = "grey-heron-42"


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def person(name: str, role: str = "member") -> User:
    user = User.objects.create_user(name, f"{name}@example.org", PASSWORD, role=role)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def ada(db):
    return person("ada")


@pytest.fixture
def ben(db):
    return person("ben")


@pytest.fixture
def mia(db):
    return person("mia", "moderator")


@pytest.fixture
def noor(db):
    return person("noor", "admin")


@pytest.fixture
def browser():
    """A browser that is held to its tokens."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def sign_in(client):
    def go(login, password=PASSWORD, **fields):
        return client.post("/account/login/", {"login": login, "password": password, **fields})

    return go


@pytest.fixture
def code_in(mailoutbox):
    """The code in the newest mail."""

    def read():
        return re.search(r"^ +([A-Z]{4}-[A-Z]{4})$", mailoutbox[-1].body, re.M)[1]

    return read
