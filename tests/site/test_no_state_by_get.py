"""Only a POST with our own token changes anything. (That a GET or HEAD leaves every table unchanged, for everybody and
on every route, is part of test_closed_world.py.)"""

from copy import deepcopy

import pytest
from django.test import Client

from tests.site.expectations import EXPECTATIONS, Expectation
from tests.site.same_views import how_far_a_post, one_a_view, role_to_post
from tests.site.world import World, state_of_tables

# It changes the theme on its sender's own screen and nothing else; a token would make every guest's page different.
WITHOUT_TOKEN = "/theme/"
# One URL of each view: a token is checked before the view runs.
POSTED = one_a_view(
    (one for one in EXPECTATIONS if one.takes_posts and one.address != WITHOUT_TOKEN), how_far_a_post
)
TOKEN = "t" * 32
WRITTEN = ("title", "body", "reason", "comment", "about", "note")
FOREIGN = {
    "no token": ("", {}),
    "another token": ("u" * 32, {}),
    "another site": (TOKEN, {"origin": "https://evil.example"}),
    "no site": (TOKEN, {"origin": "null"}),
}


def strict(world: World, role: str) -> Client:
    """This person's browser, which enforces CSRF tokens; theirs is TOKEN."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = deepcopy(world.clients[role].cookies)
    client.cookies["csrf"] = TOKEN
    return client


def form_of(world: World, expected: Expectation) -> dict[str, str]:
    return {**world.form(expected.fields), "comment": "What I had to say", "reason": "My reason"}


def send(client: Client, address: str, fields: dict[str, str], token: str, headers: dict[str, str]):
    if token:
        fields = {**fields, "csrfmiddlewaretoken": token}
    return client.post(address, fields, headers=headers)


def leads_on(response, expected: Expectation) -> bool:
    """An outdated sign-in form has no text to give back: it redirects to where its page would."""
    return (
        response.status_code == 302
        and response.url.startswith("/")
        and not set(WRITTEN) & set(expected.fields)
    )


@pytest.mark.slow
@pytest.mark.parametrize("expected", POSTED, ids=lambda expected: expected.address)
def test_a_post_that_is_not_from_our_page_does_nothing_and_gives_its_text_back(world, expected):
    """As the role that would get farthest with it. None of them changes anything, so the tables are checked at
    once."""
    address, fields = world.address(expected.address), form_of(world, expected)
    client = strict(world, role_to_post(expected))
    with world.untouched():
        answers = {name: send(client, address, fields, *foreign) for name, foreign in FOREIGN.items()}
        assert state_of_tables() == world.state
    for name, response in answers.items():
        if leads_on(response, expected):
            continue
        assert response.status_code == 403, name
        for written in set(WRITTEN) & set(fields):
            assert fields[written] in response.text, name


@pytest.mark.slow
@pytest.mark.parametrize("expected", POSTED, ids=lambda expected: expected.address)
def test_with_its_token_it_is_let_in(world, expected):
    """The control: what was rejected above was rejected for its token."""
    address, fields = world.address(expected.address), form_of(world, expected)
    client = strict(world, role_to_post(expected))
    with world.untouched():
        response = send(client, address, fields, TOKEN, {"origin": "http://testserver"})
    assert response.status_code != 403 or expected.post[role_to_post(expected)] == "403"
