"""Only a POST with our own token changes anything. (That a GET or HEAD leaves every table as it was, for everybody and
on every route, is part of test_closed_world.py.)"""

from copy import deepcopy

import pytest
from django.test import Client

from tests.config.expectations import EXPECTATIONS, Expectation
from tests.config.world import World, state_of_tables

# It changes the light on its sender's own screen and nothing else; a token would make every guest's page their own.
WITHOUT_TOKEN = "/theme/"
POSTED = [one for one in EXPECTATIONS if one.takes_posts and one.address != WITHOUT_TOKEN]
TOKEN = "t" * 32
WRITTEN = ("title", "body", "reason", "comment", "about", "note")


def strict(world: World, role: str) -> Client:
    """This person's browser, held to its tokens; TOKEN is theirs."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = deepcopy(world.clients[role].cookies)
    client.cookies["csrf"] = TOKEN
    return client


def send(world: World, expected: Expectation, role: str = "admin", token: str = "", **headers: str):
    client, fields = (
        strict(world, role),
        {**world.form(expected.fields), "comment": "What I had to say", "reason": "My reason"},
    )
    if token:
        fields["csrfmiddlewaretoken"] = token
    with world.untouched():
        response = client.post(world.address(expected.address), fields, headers=headers)
        changed = state_of_tables() != world.state
    return response, fields, changed


@pytest.mark.parametrize("expected", POSTED, ids=lambda expected: expected.address)
@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("", {}),
        ("u" * 32, {}),
        (TOKEN, {"origin": "https://evil.example"}),
        (TOKEN, {"origin": "null"}),
    ],
    ids=["no token", "another token", "another site", "no site"],
)
def test_a_post_that_is_not_from_our_page_does_nothing_and_gives_its_text_back(
    world, expected, token, headers
):
    response, fields, changed = send(world, expected, token=token, **headers)
    assert (response.status_code, changed) == (403, False)
    for name in set(WRITTEN) & set(fields):
        assert fields[name] in response.text


@pytest.mark.parametrize("expected", POSTED, ids=lambda expected: expected.address)
def test_with_its_token_it_is_let_in(world, expected):
    """The control: what was refused above was refused for its token."""
    response, _, _ = send(world, expected, token=TOKEN, origin="http://testserver")
    assert response.status_code != 403 or expected.post["admin"] == "403"
