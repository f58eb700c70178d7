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


def signed_in_name(client) -> str:
    page = client.get("/unread/")
    return "guest" if page.status_code == 302 else page.context["user"].name


def test_session_and_member_are_read_in_one_query(ada, sign_in):
    client = sign_in(ada)
    with CaptureQueriesContext(connection) as captured:
        client.get("/account/login/")
    assert [q["sql"].count("accounts_user") for q in captured.captured_queries] == [1]


def test_session_row_references_its_member(ada, guest, sign_in):
    sign_in(ada)
    assert Session.objects.get().member == ada
    guest.session.save()
    assert Session.objects.filter(member=None).count() <= 1


@pytest.mark.parametrize("key", ['"aaaaaaaaaa\\000bbbb"', "short", "ä" * 32, "a b" * 12])
def test_invalid_session_key_is_treated_as_guest(key, topic):
    page = Client(headers={"Cookie": f"session={key}"}).get(topic.get_absolute_url())
    assert (page.status_code, page.context["user"].is_authenticated) == (200, False)


def test_invalidated_session_can_read_while_database_is_read_only(ada, sign_in, topic):
    client = sign_in(ada)
    ada.set_password("another-bell-2")
    ada.save()
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY; SET LOCAL default_transaction_read_only = on")
    assert client.get(topic.get_absolute_url()).status_code == 200


def test_password_change_ends_session(ada, sign_in):
    client = sign_in(ada)
    assert signed_in_name(client) == "ada"
    ada.set_password("another-bell-2")
    ada.save()
    assert signed_in_name(client) == "guest"
    assert not Session.objects.filter(member=ada).exists()


def test_removed_auth_backend_ends_session(ada, sign_in, settings):
    client = sign_in(ada)
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    assert signed_in_name(client) == "guest"


def test_inactive_account_ends_session(ada, sign_in, monkeypatch):
    client = sign_in(ada)
    monkeypatch.setattr(User, "is_active", False)
    assert signed_in_name(client) == "guest"


def test_session_signed_with_fallback_key_stays_valid(ada, sign_in, settings):
    client, old = sign_in(ada), settings.SECRET_KEY
    store = sessions.SessionStore(client.cookies["session"].value)
    said = dict(store.items())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [old]
    assert signed_in_name(client) == "ada"
    assert said[auth.SESSION_KEY] == str(ada.pk)


def test_member_on_session_row_does_not_decide_who_is_signed_in(ada, mia, sign_in):
    """The signed session decides who is signed in; the row is only where the member is read from."""
    client = sign_in(ada)
    Session.objects.update(member=mia)
    assert signed_in_name(client) == "ada"


def test_sign_out_ends_session(ada, sign_in):
    client = sign_in(ada)
    client.post("/account/logout/")
    assert signed_in_name(client) == "guest"
    assert not Session.objects.exists()


def test_expired_session_is_rejected_and_deleted(ada, sign_in):
    client = sign_in(ada)
    Session.objects.update(expire_date=timezone.now())
    assert signed_in_name(client) == "guest"
    delete_expired_rows(0)
    assert not Session.objects.exists()
