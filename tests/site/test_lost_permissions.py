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
from tests.site.test_permissions import send_request
from tests.site.views import one_per_view, post_progress, role_for_post
from tests.site.world import World, state_of_tables

pytestmark = pytest.mark.slow

EFFECTIVE = ("done", "told")
LATER = "2100-01-01T00:00Z"
POST_EXPECTATIONS = one_per_view((e for e in EXPECTATIONS if e.accepts_post), post_progress)
# Seen by nobody else, and of no effect on anybody.
PRIVATE_ADDRESSES = {
    "/drafts/save/",
    "/drafts/{draft}/discard/",
    "/p/{answer}/unsave/",
    "/unread/read/",
    "/inbox/read/",
}


def is_private(expected: Expectation) -> bool:
    """allauth's pages are about the member's own account alone."""
    return expected.address in PRIVATE_ADDRESSES or expected.address.startswith("/account/")


def staff_role(expected: Expectation) -> str | None:
    """Returns the staff role that may do it, where members may not."""
    if expected.post["member"] in EFFECTIVE or expected.post["author"] in EFFECTIVE:
        return None
    return next((role for role in ("moderator", "admin") if expected.post[role] in EFFECTIVE), None)


def any_role(expected: Expectation) -> str | None:
    role = role_for_post(expected)
    return role if expected.post[role] in EFFECTIVE and role != "guest" else None


def member_role(expected: Expectation) -> str | None:
    return next((role for role in ("member", "author") if expected.post[role] in EFFECTIVE), None)


# What is lost, and who uses a URL that they might not be able to use without it.
LOST_RIGHTS: dict[str, tuple[Callable[[Expectation], str | None], dict[str, object]]] = {
    "suspended": (any_role, {"suspended_until": LATER}),
    "silenced": (member_role, {"silenced_until": LATER}),
    "a member again": (staff_role, {"role": "member", "moderates": None}),
    "of another section": (staff_role, {"role": "moderator", "moderates": [9_999]}),
}


@contextmanager
def losing_rights(client: Client, fields: dict[str, object], *, before: bool):
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


def has_effect(world: World, expected: Expectation, role: str, lost: dict, *, before: bool) -> bool:
    with world.rolled_back(), losing_rights(world.clients[role], lost, before=before) as states:
        if before:
            User.objects.filter(pk=world.people[role].pk).update(**lost)
        response = send_request(world, role, "POST", expected)
        assert response.status_code < 500, (expected.address, response.status_code)
        return state_of_tables() != states[0]


@pytest.mark.parametrize("lost", LOST_RIGHTS)
def test_action_with_lost_right_has_no_effect(world, lost):
    who, fields = LOST_RIGHTS[lost]
    done, asked = [], 0
    for expected in POST_EXPECTATIONS:
        role = who(expected)
        if role is None or is_private(expected):
            continue
        asked += 1
        if has_effect(world, expected, role, fields, before=False) and not has_effect(
            world, expected, role, fields, before=True
        ):
            done.append(f"{expected.address} by {role}")
    print(f"{lost} while a request was under way: {len(done)} of {asked} acts were done all the same")
    assert done == []
    assert asked > 10


def test_control_stale_member_is_detected(world, monkeypatch):
    """The control: a member who is not read again."""
    monkeypatch.setattr("accounts.access.actor._reload", lambda by, lock: None)
    expected = next(e for e in EXPECTATIONS if e.address == "/t/{topic}/a/reply/")
    assert has_effect(world, expected, "member", {"silenced_until": LATER}, before=False)
