"""Reads session and member in one query, and never returns a member who has signed out."""

import pytest
from django.contrib import auth
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.auth import sessions
from accounts.models import Session, User
from accounts.tasks import delete_expired_rows

pytestmark = pytest.mark.django_db


def who_asks(client) -> str:
    page = client.get("/unread/")
    return "guest" if page.status_code == 302 else page.context["user"].name


def test_one_query_for_both(ada, sign_in):
    client = sign_in(ada)
    with CaptureQueriesContext(connection) as captured:
        client.get("/account/login/")
    assert [q["sql"].count("accounts_user") for q in captured.captured_queries] == [1]


def test_the_row_names_its_member(ada, guest, sign_in):
    sign_in(ada)
    assert Session.objects.get().member == ada
    guest.session.save()
    assert Session.objects.filter(member=None).count() <= 1


@pytest.mark.parametrize("key", ['"aaaaaaaaaa\\000bbbb"', "short", "ä" * 32, "a b" * 12])
def test_a_key_that_is_none_is_nobodys(key, topic):
    page = Client(headers={"Cookie": f"session={key}"}).get(topic.get_absolute_url())
    assert (page.status_code, page.context["user"].is_authenticated) == (200, False)


def test_who_has_another_password_reads_on_while_nothing_can_be_written(ada, sign_in, topic):
    client = sign_in(ada)
    ada.set_password("another-bell-2")
    ada.save()
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY; SET LOCAL default_transaction_read_only = on")
    assert client.get(topic.get_absolute_url()).status_code == 200


def test_another_password_ends_it(ada, sign_in):
    client = sign_in(ada)
    assert who_asks(client) == "ada"
    ada.set_password("another-bell-2")
    ada.save()
    assert who_asks(client) == "guest"
    assert not Session.objects.filter(member=ada).exists()


def test_so_does_another_backend(ada, sign_in, settings):
    client = sign_in(ada)
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    assert who_asks(client) == "guest"


def test_and_the_end_of_the_account(ada, sign_in, monkeypatch):
    client = sign_in(ada)
    monkeypatch.setattr(User, "is_active", False)
    assert who_asks(client) == "guest"


def test_a_key_of_before_is_good_until_it_is_taken_away(ada, sign_in, settings):
    client, old = sign_in(ada), settings.SECRET_KEY
    store = sessions.SessionStore(client.cookies["session"].value)
    said = dict(store.items())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [old]
    assert who_asks(client) == "ada"
    assert said[auth.SESSION_KEY] == str(ada.pk)


def test_a_row_that_names_somebody_else_signs_nobody_in_as_them(ada, mia, sign_in):
    """The signed session decides who is signed in; the row is only where the member is read from."""
    client = sign_in(ada)
    Session.objects.update(member=mia)
    assert who_asks(client) == "ada"


def test_signing_out_ends_it(ada, sign_in):
    client = sign_in(ada)
    client.post("/account/logout/")
    assert who_asks(client) == "guest"
    assert not Session.objects.exists()


def test_an_ended_session_is_nobodys_and_is_thrown_away(ada, sign_in):
    client = sign_in(ada)
    Session.objects.update(expire_date=timezone.now())
    assert who_asks(client) == "guest"
    delete_expired_rows(0)
    assert not Session.objects.exists()
