"""Every route, every method, everybody: a declared response, or the build fails."""

from collections.abc import Iterable, Iterator

import pytest
from django.http import HttpResponse
from django.urls import URLResolver, get_resolver, include, path, resolve

from accounts.models import User
from config.availability.health import live
from tests.site.expectations import EXPECTATIONS, Expectation
from tests.site.views import get_progress, one_per_view
from tests.site.world import World, state_of_tables

pytestmark = pytest.mark.slow


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Returns every route that is mounted, as written in the urls.py."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield route


def undeclared_routes(resolver: URLResolver, world: World) -> set[str]:
    return set(routes(resolver)) - {resolve(world.address(e.address)).route for e in EXPECTATIONS}


def send_request(world: World, role: str, method: str, expected: Expectation) -> HttpResponse:
    client, address = world.clients[role], world.address(expected.address)
    if method == "POST":
        response = client.post(address, world.form(expected.fields))
    else:
        response = client.generic(method, address)
    # Django calls an object without a __str__ "Section object (1)".
    assert response.streaming or b" object (" not in response.content, expected.address
    return response


def responses_by_role(
    world: World, method: str, expected: Expectation, roles: Iterable[str]
) -> dict[str, str]:
    """Returns the responses, in the words of the table. Several roles request in turn: whether anything has changed in
    the tables is checked after all of them."""
    with world.rolled_back():
        came = {role: send_request(world, role, method, expected) for role in roles}
        has_changed = state_of_tables() != world.state
    return {role: response_word(response, method, has_changed) for role, response in came.items()}


def response_word(response: HttpResponse, method: str, has_changed: bool) -> str:
    said = str(response.status_code)
    if said == "302" and response["Location"].startswith("/account/login/?next="):
        said = "sign-in"
    elif has_changed and said == "302":
        return "done"
    elif has_changed and said == "200" and method == "POST":
        return "told"
    return f"{said}, and something changed" if has_changed else said


def response_of(world: World, role: str, method: str, expected: Expectation) -> str:
    return responses_by_role(world, method, expected, [role])[role]


def test_every_route_is_declared(world):
    assert undeclared_routes(get_resolver(), world) == set()


def test_control_undeclared_route_is_detected(world, settings):
    more = type("urls", (), {"urlpatterns": [path("", include("config.urls")), path("backdoor/", live)]})
    settings.ROOT_URLCONF = more
    assert undeclared_routes(get_resolver(), world) == {"backdoor/"}


@pytest.mark.parametrize("expected", EXPECTATIONS, ids=lambda expected: expected.address)
def test_url_responds_as_declared(world, expected):
    """A role that may act is tested alone, on unchanged tables; those who only read, or are rejected, one after
    another."""
    assert responses_by_role(world, "GET", expected, world.clients) == expected.get
    acting = {role for role, answer in expected.post.items() if answer in ("done", "told", "302")}
    posted = {role: response_of(world, role, "POST", expected) for role in acting}
    posted |= responses_by_role(
        world, "POST", expected, [role for role in world.clients if role not in acting]
    )
    assert posted == expected.post


@pytest.mark.parametrize(
    "expected", one_per_view(EXPECTATIONS, get_progress), ids=lambda expected: expected.address
)
def test_head_responds_like_get(world, expected):
    """The check runs before the view: one URL per view is enough."""
    two = ("guest", "admin")
    assert responses_by_role(world, "HEAD", expected, two) == {role: expected.get[role] for role in two}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_are_not_allowed(world, method):
    for expected in EXPECTATIONS:
        for role in ("guest", "admin"):
            answer = world.clients[role].generic(method, world.address(expected.address))
            assert answer.status_code == 405, expected.address


def test_control_missing_permission_check_is_detected(world, monkeypatch):
    """The control of the table: if everybody counted as an admin, a member's POST would have an effect."""
    monkeypatch.setattr(User, "is_admin", property(lambda user: True))
    expected = next(e for e in EXPECTATIONS if e.address.endswith("/archive/"))
    assert response_of(world, "member", "POST", expected) == "done"
