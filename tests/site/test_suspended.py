"""Suspended while a form is open: the next POST to every URL is rejected, whatever the role. The URLs are those that
tests/site/expectations.py declares, which are all that exist."""

from dataclasses import replace

import pytest
from django.db import transaction
from django.urls import get_resolver, resolve

from accounts.access import suspension
from accounts.models import Sanction, User
from accounts.models.sanction import PERMANENT
from moderation.members.sanction import suspend_member
from tests.site.expectations import EXPECTATIONS, Expectation
from tests.site.same_views import one_a_view, route_of
from tests.site.test_closed_world import answer_of, undeclared
from tests.site.world import World, enter, state_of_tables

pytestmark = pytest.mark.slow

THEY = ("member", "author", "moderator", "admin")
WRITING = [expected for expected in EXPECTATIONS if expected.takes_posts]
TEXT = "They ring, and ring."
# What would be done if only the URL guard were disabled, and what is protected by more than that.
THROUGH = {"/account/settings/", "/drafts/{draft}/discard/"}
OPEN_VIEWS = {"account_logout", "account_standing", "moderation:appeal", "theme"}
NOT_THROUGH = {"/t/{topic}/a/reply/", "/p/{answer}/edit/", "/s/talk/new/"}


@pytest.fixture(scope="module")
def _suspended_once(_made_once, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        suspend_all(_made_once)
        yield replace(_made_once, state=state_of_tables())
        transaction.set_rollback(True)


@pytest.fixture
def suspended(_suspended_once, db) -> World:
    """The world in which all of them are suspended, since before the first test of this module."""
    return _suspended_once


def suspend_all(world: World) -> None:
    """Suspends all roles, but leaves them signed in: as if they had signed in again."""
    for role in THEY:
        member = world.people[role]
        Sanction.objects.create(
            member=member, kind="suspension", by=world.people["admin"], reason="Enough of it."
        )
    User.objects.filter(pk__in=[world.people[role].pk for role in THEY]).update(suspended_until=PERMANENT)


def forgive_all() -> None:
    Sanction.objects.filter(kind="suspension").delete()
    User.objects.update(suspended_until=None)


def is_open(world: World, expected: Expectation) -> bool:
    match = resolve(world.address(expected.address))
    return match.view_name in OPEN_VIEWS or match.app_name == "notifications"


def fields_of(world: World, expected: Expectation) -> dict[str, str]:
    return world.form(expected.fields) | ({"body": TEXT} if "body" in expected.fields else {})


def test_these_are_all_addresses(suspended):
    assert undeclared(get_resolver(), suspended) == set()


@pytest.mark.parametrize("expected", one_a_view(WRITING), ids=lambda expected: expected.address)
def test_every_post_is_refused_with_the_text_kept(suspended, expected):
    """The check runs before the view, so one URL per view is enough; and what is open works as before."""
    if is_open(suspended, expected):
        assert {role: answer_of(suspended, role, "POST", expected) for role in THEY} == {
            role: expected.post[role] for role in THEY
        }
        return
    fields, address = fields_of(suspended, expected), suspended.address(expected.address)
    with suspended.untouched():
        answers = {role: suspended.clients[role].post(address, fields) for role in THEY}
        assert state_of_tables() == suspended.state
    for role, answer in answers.items():
        page = answer.text
        assert answer.status_code == 403, role
        assert "Your account is suspended" in page
        assert "Enough of it." in page
        if "body" in expected.fields:
            assert TEXT in page


def test_few_addresses_are_open(suspended):
    """Nothing is open by oversight: this list grows by hand, as does the use of `open_while_suspended`."""
    open_routes = {route_of(expected) for expected in WRITING if is_open(suspended, expected)}
    own_inbox = {"inbox/read/", *(f"inbox/<id:pk>/{act}/" for act in ("open", "read", "unread"))}
    assert open_routes == {"account/logout/", "theme/", *own_inbox, "appeals/<id:pk>/"}


def test_without_the_guard_they_write(suspended, monkeypatch):
    """The control. Checks of `is_member` alone still reject the rest."""
    monkeypatch.setattr(suspension, "is_allowed_while_suspended", lambda request: True)
    through = set()
    for expected in (e for e in WRITING if e.address in THROUGH | NOT_THROUGH):
        for role in THEY:
            with suspended.untouched():
                fields = fields_of(suspended, expected)
                suspended.clients[role].post(suspended.address(expected.address), fields)
                through |= {expected.address} if state_of_tables() != suspended.state else set()
    assert through == THROUGH


@pytest.mark.parametrize("expected", EXPECTATIONS, ids=lambda expected: expected.address)
def test_they_read_what_guests_read(suspended, expected):
    """Where a guest would be asked to sign in, they see why they cannot go on. What is open to them shows what it did
    before, and no more: an author sees the page of their appeal, everybody else a 404."""
    for role in ("author", "admin"):
        with suspended.untouched():
            answer = suspended.clients[role].get(suspended.address(expected.address))
        said = str(answer.status_code)
        if is_open(suspended, expected):
            assert said == expected.get[role], role
            continue
        if expected.address in ("/account/login/", "/account/signup/"):
            said = {"302": "403"}[said]  # they are signed in, and redirected
        assert said == "403" or (said == expected.get["guest"] and said != "sign-in"), role
        if expected.get["guest"] == "sign-in":
            assert said == "403", role


@pytest.mark.parametrize("role", ["member", "moderator"])
def test_in_the_act_itself_they_are_signed_out_and_come_back_to_a_narrow_place(suspended, role):
    member, client = suspended.people[role], suspended.clients[role]
    topic = suspended.address("/t/{topic}/a/")
    with suspended.untouched():
        forgive_all()
        assert 'name="body"' in client.get(topic).text  # the form is open
        suspend_member(member=member, by=suspended.people["admin"], reason="Enough of it.")
        answer = client.post(f"{topic}reply/", {"body": TEXT, "submission_key": "0" * 32})
        assert answer.status_code == 403
        assert TEXT in answer.text
        again = enter(member.name)
        assert again.post(f"{topic}reply/", {"body": TEXT}).status_code == 403
        assert again.get(topic).status_code == 200
        assert 'name="body"' not in again.get(topic).text
        assert "Enough of it." in again.get("/account/standing/").text
        assert again.post("/account/logout/").status_code == 302
