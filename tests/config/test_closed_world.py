"""Every route, every method, everybody: an answer that was thought of beforehand, or the build fails."""

from collections.abc import Iterator

import pytest
from django.urls import URLResolver, get_resolver, include, path, resolve

from accounts.models import User
from config.health import live
from tests.config.expectations import EXPECTATIONS, Expectation
from tests.config.world import World, state_of_tables


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every route that is mounted, as it is written in the urls.py."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield route


def undeclared(resolver: URLResolver, world: World) -> set[str]:
    return set(routes(resolver)) - {resolve(world.address(e.address)).route for e in EXPECTATIONS}


def answer_of(world: World, role: str, method: str, expected: Expectation) -> str:
    """What came back, in the words of the table."""
    client, address = world.clients[role], world.address(expected.address)
    with world.untouched():
        response = (
            client.generic(method, address)
            if method != "POST"
            else client.post(address, world.form(expected.fields))
        )
        changed = state_of_tables() != world.state
    said = str(response.status_code)
    if said == "302":
        to_sign_in = response["Location"].startswith("/account/login/?next=")
        said = "sign-in" if to_sign_in else "done" if changed else said
    if said == "200" and method == "POST" and changed:
        said = "told"
    return f"{said}, and something changed" if changed and said not in ("done", "told") else said


def answers(world: World, method: str, expected: Expectation, roles: tuple[str, ...]) -> dict[str, str]:
    return {role: answer_of(world, role, method, expected) for role in roles}


def test_every_route_is_declared_and_no_declaration_is_left_over(world):
    assert undeclared(get_resolver(), world) == set()


def test_a_route_that_nobody_declared_is_seen(world, settings):
    more = type("urls", (), {"urlpatterns": [path("", include("config.urls")), path("backdoor/", live)]})
    settings.ROOT_URLCONF = more
    assert undeclared(get_resolver(), world) == {"backdoor/"}


@pytest.mark.parametrize("expected", EXPECTATIONS, ids=lambda expected: expected.address)
def test_it_answers_as_declared(world, expected):
    everybody, two = tuple(world.clients), ("guest", "admin")
    assert answers(world, "GET", expected, everybody) == expected.get
    assert answers(world, "HEAD", expected, two) == {role: expected.get[role] for role in two}
    assert answers(world, "POST", expected, everybody) == expected.post


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_no_other_method_is_known(world, method):
    for expected in EXPECTATIONS:
        for role in ("guest", "admin"):
            answer = world.clients[role].generic(method, world.address(expected.address))
            assert answer.status_code == 405, expected.address


def test_a_guard_that_is_missing_is_seen(world, monkeypatch):
    """The control of the table: would everybody pass for an admin, a member's POST is seen to do something."""
    monkeypatch.setattr(User, "is_admin", property(lambda user: True))
    expected = next(e for e in EXPECTATIONS if e.address.endswith("/archive/"))
    assert answer_of(world, "member", "POST", expected) == "done"
