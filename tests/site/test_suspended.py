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
from tests.site.test_permissions import response_of, undeclared_routes
from tests.site.views import one_per_view, route_of
from tests.site.world import World, sign_in_client, state_of_tables

pytestmark = pytest.mark.slow

SUSPENDED_ROLES = ("member", "author", "moderator", "admin")
POST_EXPECTATIONS = [expected for expected in EXPECTATIONS if expected.accepts_post]
TEXT = "They ring, and ring."
# What would be done if only the URL guard were disabled, and what is protected by more than that.
GUARDED_BY_URL_ONLY = {"/account/settings/", "/drafts/{draft}/discard/"}
OPEN_VIEWS = {"account_logout", "account_standing", "moderation:appeal", "theme"}
GUARDED_TWICE = {"/t/{topic}/a/reply/", "/p/{answer}/edit/", "/s/talk/new/"}


@pytest.fixture(scope="module")
def _suspended_world(_shared_world, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        suspend_all(_shared_world)
        yield replace(_shared_world, state=state_of_tables())
        transaction.set_rollback(True)


@pytest.fixture
def suspended_world(_suspended_world, db) -> World:
    """The world in which all of them are suspended, since before the first test of this module."""
    return _suspended_world


def suspend_all(world: World) -> None:
    """Suspends all roles, but leaves them signed in: as if they had signed in again."""
    for role in SUSPENDED_ROLES:
        member = world.people[role]
        Sanction.objects.create(
            member=member, kind="suspension", by=world.people["admin"], reason="Enough of it."
        )
    User.objects.filter(pk__in=[world.people[role].pk for role in SUSPENDED_ROLES]).update(
        suspended_until=PERMANENT
    )


def lift_all_suspensions() -> None:
    Sanction.objects.filter(kind="suspension").delete()
    User.objects.update(suspended_until=None)


def is_allowed(world: World, expected: Expectation) -> bool:
    match = resolve(world.address(expected.address))
    return match.view_name in OPEN_VIEWS or match.app_name == "notifications"


def filled_form(world: World, expected: Expectation) -> dict[str, str]:
    return world.form(expected.fields) | ({"body": TEXT} if "body" in expected.fields else {})


def test_every_route_is_covered(suspended_world):
    assert undeclared_routes(get_resolver(), suspended_world) == set()


@pytest.mark.parametrize("expected", one_per_view(POST_EXPECTATIONS), ids=lambda expected: expected.address)
def test_post_of_suspended_member_is_rejected_with_its_text(suspended_world, expected):
    """The check runs before the view, so one URL per view is enough; and what is open works as before."""
    if is_allowed(suspended_world, expected):
        assert {role: response_of(suspended_world, role, "POST", expected) for role in SUSPENDED_ROLES} == {
            role: expected.post[role] for role in SUSPENDED_ROLES
        }
        return
    fields, address = filled_form(suspended_world, expected), suspended_world.address(expected.address)
    with suspended_world.rolled_back():
        answers = {role: suspended_world.clients[role].post(address, fields) for role in SUSPENDED_ROLES}
        assert state_of_tables() == suspended_world.state
    for role, answer in answers.items():
        page = answer.text
        assert answer.status_code == 403, role
        assert "Your account is suspended" in page
        assert "Enough of it." in page
        if "body" in expected.fields:
            assert TEXT in page


def test_suspended_member_can_post_only_to_listed_urls(suspended_world):
    """Nothing is open by oversight: this list grows by hand, as does the use of `open_while_suspended`."""
    open_routes = {
        route_of(expected) for expected in POST_EXPECTATIONS if is_allowed(suspended_world, expected)
    }
    own_inbox = {"inbox/read/", *(f"inbox/<id:pk>/{act}/" for act in ("open", "read", "unread"))}
    assert open_routes == {"account/logout/", "theme/", *own_inbox, "appeals/<id:pk>/"}


def test_control_without_guard_suspended_members_can_write(suspended_world, monkeypatch):
    """The control. Checks of `is_member` alone still reject the rest."""
    monkeypatch.setattr(suspension, "is_allowed_while_suspended", lambda request: True)
    through = set()
    for expected in (e for e in POST_EXPECTATIONS if e.address in GUARDED_BY_URL_ONLY | GUARDED_TWICE):
        for role in SUSPENDED_ROLES:
            with suspended_world.rolled_back():
                fields = filled_form(suspended_world, expected)
                suspended_world.clients[role].post(suspended_world.address(expected.address), fields)
                through |= {expected.address} if state_of_tables() != suspended_world.state else set()
    assert through == GUARDED_BY_URL_ONLY


@pytest.mark.parametrize("expected", EXPECTATIONS, ids=lambda expected: expected.address)
def test_suspended_member_reads_what_guests_read(suspended_world, expected):
    """Where a guest would be asked to sign in, they see why they cannot go on. What is open to them shows what it did
    before, and no more: an author sees the page of their appeal, everybody else a 404."""
    for role in ("author", "admin"):
        with suspended_world.rolled_back():
            answer = suspended_world.clients[role].get(suspended_world.address(expected.address))
        said = str(answer.status_code)
        if is_allowed(suspended_world, expected):
            assert said == expected.get[role], role
            continue
        if expected.address in ("/account/login/", "/account/signup/"):
            said = {"302": "403"}[said]  # they are signed in, and redirected
        assert said == "403" or (said == expected.get["guest"] and said != "sign-in"), role
        if expected.get["guest"] == "sign-in":
            assert said == "403", role


@pytest.mark.parametrize("role", ["member", "moderator"])
def test_member_suspended_while_writing_is_signed_out_and_restricted(suspended_world, role):
    member, client = suspended_world.people[role], suspended_world.clients[role]
    topic = suspended_world.address("/t/{topic}/a/")
    with suspended_world.rolled_back():
        lift_all_suspensions()
        assert 'name="body"' in client.get(topic).text  # the form is open
        suspend_member(member=member, by=suspended_world.people["admin"], reason="Enough of it.")
        answer = client.post(f"{topic}reply/", {"body": TEXT, "submission_key": "0" * 32})
        assert answer.status_code == 403
        assert TEXT in answer.text
        again = sign_in_client(member.name)
        assert again.post(f"{topic}reply/", {"body": TEXT}).status_code == 403
        assert again.get(topic).status_code == 200
        assert 'name="body"' not in again.get(topic).text
        assert "Enough of it." in again.get("/account/standing/").text
        assert again.post("/account/logout/").status_code == 302
