"""Only a POST with our own token changes anything. (That a GET or HEAD leaves every table unchanged, for everybody and
on every route, is part of test_permissions.py.)"""

from copy import deepcopy

import pytest
from django.test import Client

from tests.site.expectations import EXPECTATIONS, Expectation
from tests.site.views import one_per_view, post_progress, role_for_post
from tests.site.world import World, state_of_tables

# It changes the theme on its sender's own screen and nothing else; a token would make every guest's page different.
WITHOUT_TOKEN = "/theme/"
# One URL of each view: a token is checked before the view runs.
POST_EXPECTATIONS = one_per_view(
    (one for one in EXPECTATIONS if one.accepts_post and one.address != WITHOUT_TOKEN), post_progress
)
TOKEN = "t" * 32
TEXT_FIELDS = ("title", "body", "reason", "comment", "about", "note")
FOREIGN_REQUESTS = {
    "no token": ("", {}),
    "another token": ("u" * 32, {}),
    "another site": (TOKEN, {"origin": "https://evil.example"}),
    "no site": (TOKEN, {"origin": "null"}),
}


def csrf_checking_client(world: World, role: str) -> Client:
    """This person's browser, which enforces CSRF tokens; theirs is TOKEN."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = deepcopy(world.clients[role].cookies)
    client.cookies["csrf"] = TOKEN
    return client


def filled_form(world: World, expected: Expectation) -> dict[str, str]:
    return {**world.form(expected.fields), "comment": "What I had to say", "reason": "My reason"}


def send(client: Client, address: str, fields: dict[str, str], token: str, headers: dict[str, str]):
    if token:
        fields = {**fields, "csrfmiddlewaretoken": token}
    return client.post(address, fields, headers=headers)


def is_redirect_without_text(response, expected: Expectation) -> bool:
    """An outdated sign-in form has no text to give back: it redirects to where its page would."""
    return (
        response.status_code == 302
        and response.url.startswith("/")
        and not set(TEXT_FIELDS) & set(expected.fields)
    )


@pytest.mark.slow
@pytest.mark.parametrize("expected", POST_EXPECTATIONS, ids=lambda expected: expected.address)
def test_cross_site_post_has_no_effect_and_returns_its_text(world, expected):
    """As the role that would get farthest with it. None of them changes anything, so the tables are checked at
    once."""
    address, fields = world.address(expected.address), filled_form(world, expected)
    client = csrf_checking_client(world, role_for_post(expected))
    with world.rolled_back():
        answers = {
            name: send(client, address, fields, *foreign) for name, foreign in FOREIGN_REQUESTS.items()
        }
        assert state_of_tables() == world.state
    for name, response in answers.items():
        if is_redirect_without_text(response, expected):
            continue
        assert response.status_code == 403, name
        for written in set(TEXT_FIELDS) & set(fields):
            assert fields[written] in response.text, name


@pytest.mark.slow
@pytest.mark.parametrize("expected", POST_EXPECTATIONS, ids=lambda expected: expected.address)
def test_control_post_with_token_is_accepted(world, expected):
    """The control: what was rejected above was rejected for its token."""
    address, fields = world.address(expected.address), filled_form(world, expected)
    client = csrf_checking_client(world, role_for_post(expected))
    with world.rolled_back():
        response = send(client, address, fields, TOKEN, {"origin": "http://testserver"})
    assert response.status_code != 403 or expected.post[role_for_post(expected)] == "403"
