"""A member loses a right while their request is being processed, after the member was read. What nobody with the
rights of that moment may do is not done: no act relies on earlier rights. The URLs are those of
tests/site/expectations.py, which are all that exist."""

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.test import Client

from accounts.auth.middleware import SuspensionMiddleware
from accounts.models import User
from tests.site.expectations import EXPECTATIONS, Expectation
from tests.site.same_views import how_far_a_post, one_a_view, role_to_post
from tests.site.test_closed_world import ask
from tests.site.world import World, state_of_tables

pytestmark = pytest.mark.slow

DOES = ("done", "told")
LATER = "2100-01-01T00:00Z"
ACTS = one_a_view((e for e in EXPECTATIONS if e.takes_posts), how_far_a_post)
# Seen by nobody else, and of no effect on anybody.
PRIVATE = {
    "/drafts/save/",
    "/drafts/{draft}/discard/",
    "/p/{answer}/unsave/",
    "/unread/read/",
    "/inbox/read/",
}


def is_private(expected: Expectation) -> bool:
    """allauth's pages are about the member's own account alone."""
    return expected.address in PRIVATE or expected.address.startswith("/account/")


def of_staff(expected: Expectation) -> str | None:
    """Returns the staff role that may do it, where members may not."""
    if expected.post["member"] in DOES or expected.post["author"] in DOES:
        return None
    return next((role for role in ("moderator", "admin") if expected.post[role] in DOES), None)


def of_anybody(expected: Expectation) -> str | None:
    role = role_to_post(expected)
    return role if expected.post[role] in DOES and role != "guest" else None


def of_members(expected: Expectation) -> str | None:
    return next((role for role in ("member", "author") if expected.post[role] in DOES), None)


# What is lost, and who uses a URL that they might not be able to use without it.
LOST: dict[str, tuple[Callable[[Expectation], str | None], dict[str, object]]] = {
    "suspended": (of_anybody, {"suspended_until": LATER}),
    "silenced": (of_members, {"silenced_until": LATER}),
    "a member again": (of_staff, {"role": "member", "moderates": None}),
    "of another section": (of_staff, {"role": "moderator", "moderates": [9_999]}),
}


@contextmanager
def losing(client: Client, fields: dict[str, object], *, before: bool):
    """Every request takes this away from the member: before the member is read, or just after. Yields the state of the
    tables at that moment."""
    states: list[dict] = []
    asked = SuspensionMiddleware.process_view

    def process_view(self, request, *given):
        answer = asked(self, request, *given)
        if not before:
            User.objects.filter(pk=request.user.pk).update(**fields)
        states.append(state_of_tables())
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SuspensionMiddleware, "process_view", process_view)
        client.handler._middleware_chain = None  # rebuilt by the next request
        yield states
    client.handler._middleware_chain = None


def does_something(world: World, expected: Expectation, role: str, lost: dict, *, before: bool) -> bool:
    with world.untouched(), losing(world.clients[role], lost, before=before) as states:
        if before:
            User.objects.filter(pk=world.people[role].pk).update(**lost)
        response = ask(world, role, "POST", expected)
        assert response.status_code < 500, (expected.address, response.status_code)
        return state_of_tables() != states[0]


@pytest.mark.parametrize("lost", LOST)
def test_no_act_rests_on_who_they_were(world, lost):
    who, fields = LOST[lost]
    done, asked = [], 0
    for expected in ACTS:
        role = who(expected)
        if role is None or is_private(expected):
            continue
        asked += 1
        if does_something(world, expected, role, fields, before=False) and not does_something(
            world, expected, role, fields, before=True
        ):
            done.append(f"{expected.address} by {role}")
    print(f"{lost} while a request was under way: {len(done)} of {asked} acts were done all the same")
    assert done == []
    assert asked > 10


def test_a_person_who_is_not_read_again_is_seen(world, monkeypatch):
    """The control: a member who is not read again."""
    monkeypatch.setattr("accounts.access.actor._reload", lambda by, lock: None)
    expected = next(e for e in EXPECTATIONS if e.address == "/t/{topic}/a/reply/")
    assert does_something(world, expected, "member", {"silenced_until": LATER}, before=False)
