"""Suspended while a form is open: the next POST of every address is refused, whoever they were. The addresses are those
that tests/config/expectations.py declares, which are all that there are."""

from itertools import product

import pytest
from django.urls import get_resolver, resolve

from accounts import sanctioned
from accounts.models import Sanction, User
from accounts.models.sanction import FOR_GOOD
from accounts.sanctioned import OPEN_BELOW, OPEN_TO_SUSPENDED
from moderation.sanctioning import suspend_member
from tests.config.expectations import EXPECTATIONS, Expectation
from tests.config.test_closed_world import undeclared
from tests.config.world import World, enter, state_of_tables

THEY = ("member", "author", "moderator", "admin")
WRITING = [expected for expected in EXPECTATIONS if expected.takes_posts]
TEXT = "They ring, and ring."


def is_open(world: World, expected: Expectation) -> bool:
    match = resolve(world.address(expected.address))
    return match.view_name in OPEN_TO_SUSPENDED or match.route.startswith(OPEN_BELOW)


def suspend_all(world: World) -> None:
    """As a suspension leaves them, but still signed in: as if they had signed in again."""
    for role in THEY:
        member = world.people[role]
        Sanction.objects.create(
            member=member, kind="suspension", by=world.people["admin"], reason="Enough of it."
        )
    User.objects.filter(pk__in=[world.people[role].pk for role in THEY]).update(suspended_until=FOR_GOOD)


def posted(world: World, role: str, expected: Expectation) -> tuple[int, str, bool]:
    """The status, the page, and whether anything changed."""
    with world.untouched():
        suspend_all(world)
        before = state_of_tables()
        fields = world.form(expected.fields) | ({"body": TEXT} if "body" in expected.fields else {})
        answer = world.clients[role].post(world.address(expected.address), fields)
        return answer.status_code, answer.content.decode(), state_of_tables() != before


def test_these_are_all_addresses(world):
    assert undeclared(get_resolver(), world) == set()


@pytest.mark.parametrize("expected", WRITING, ids=lambda expected: expected.address)
def test_every_post_is_refused_with_the_text_kept(world, expected):
    if is_open(world, expected):
        pytest.skip("open to who is suspended")
    for role in THEY:
        status, page, has_changed = posted(world, role, expected)
        assert (status, has_changed) == (403, False), role
        assert "Your account is suspended" in page
        assert "Enough of it." in page
        if "body" in expected.fields:
            assert TEXT in page


def test_few_addresses_are_open(world):
    """Nothing is open by oversight: this list grows only by hand, here and in accounts/sanctioned.py."""
    open_routes = {resolve(world.address(e.address)).route for e in WRITING if is_open(world, e)}
    assert open_routes == {"account/logout/", "theme/", "inbox/read/", "appeals/<id:pk>/"}


def test_without_the_guard_they_write(world, monkeypatch):
    """The control. What rests on `is_member` alone still refuses the rest."""
    monkeypatch.setattr(sanctioned, "is_open_to_suspended", lambda request: True)
    through = {
        expected.address
        for expected, role in product(WRITING, THEY)
        if not is_open(world, expected) and posted(world, role, expected)[2]
    }
    assert {"/account/settings/", "/drafts/{draft}/discard/"} <= through, through
    assert not {"/t/{topic}/a/reply/", "/p/{answer}/edit/", "/s/talk/new/"} & through


@pytest.mark.parametrize("expected", EXPECTATIONS, ids=lambda expected: expected.address)
def test_they_read_what_guests_read(world, expected):
    """And where a guest would be asked to sign in they are told why they cannot go on. What is open to them says what
    it said before, and no more: to an author the page of their appeal, to everybody else that there is none."""
    for role in ("author", "admin"):
        with world.untouched():
            suspend_all(world)
            answer = world.clients[role].get(world.address(expected.address))
        said = str(answer.status_code)
        if is_open(world, expected):
            assert said == expected.get[role], role
            continue
        if expected.address in ("/account/login/", "/account/signup/"):
            said = {"302": "403"}[said]  # they are signed in, and led away
        assert said == "403" or (said == expected.get["guest"] and said != "sign-in"), role
        if expected.get["guest"] == "sign-in":
            assert said == "403", role


@pytest.mark.parametrize("role", ["member", "moderator"])
def test_in_the_act_itself_they_are_signed_out_and_come_back_to_a_narrow_place(world, role):
    member, client = world.people[role], world.clients[role]
    topic = world.address("/t/{topic}/a/")
    with world.untouched():
        assert 'name="body"' in client.get(topic).content.decode()  # the form is open
        suspend_member(member=member, by=world.people["admin"], reason="Enough of it.")
        answer = client.post(f"{topic}reply/", {"body": TEXT, "submission_key": "0" * 32})
        assert answer.status_code == 403
        assert TEXT in answer.content.decode()
        again = enter(member.name)
        assert again.post(f"{topic}reply/", {"body": TEXT}).status_code == 403
        assert again.get(topic).status_code == 200
        assert 'name="body"' not in again.get(topic).content.decode()
        assert "Enough of it." in again.get("/account/standing/").content.decode()
        assert again.post("/account/logout/").status_code == 302
