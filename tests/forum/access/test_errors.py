"""An ActionError gets a response from every view, and the text is given back whatever was rejected."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from forum.access import locks
from forum.access.errors import ActionError, NotAllowed, PostMoved
from forum.composer import edit_views
from moderation.topics.merge import merge_topic
from tests.conftest import browser_of, start

pytestmark = pytest.mark.django_db


def routes(resolver: URLResolver, before: str = "") -> list[str]:
    found = []
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        found += [route] if isinstance(pattern, URLPattern) else routes(pattern, route)
    return found


BELOW_A_TOPIC = "t/<id:pk>/<title:slug>/"
TOPIC_ROUTES = [
    route for route in routes(get_resolver()) if route.startswith(BELOW_A_TOPIC) and "<id:said>" not in route
]


@pytest.fixture
def merged(topic, talk, ada, mia):
    into = start(talk, ada, "The other")
    merge_topic(topic=topic, into=into, by=mia)
    return topic


def test_moderation_history_of_merged_topic_redirects_to_target(merged, guest):
    response = guest.get(f"/t/{merged.pk}/a/record/")
    assert (response.status_code, response["Location"]) == (302, merged.merging.into.get_absolute_url())


@pytest.mark.slow
def test_no_url_of_a_merged_topic_returns_a_server_error(merged, guest, cleo, mia):
    assert len(TOPIC_ROUTES) > 25
    clients = (guest, browser_of(cleo), browser_of(mia))
    for route in TOPIC_ROUTES:
        address = f"/t/{merged.pk}/a/{route.removeprefix(BELOW_A_TOPIC)}"
        for client in clients:
            for ask in (client.get, client.post):
                assert ask(address).status_code < 500, (ask, address)


@pytest.fixture
def send_edit_that_raises(monkeypatch, bens):
    """Sends an edit whose service raises each of these in turn, and then succeeds."""

    def edit(*refusals: ActionError):
        left, begun = list(refusals), edit_views.edit_post

        def edit_post(**said):
            if left:
                raise left.pop(0)
            return begun(**said)

        monkeypatch.setattr(edit_views, "edit_post", edit_post)
        said = {"body": "My long text", "version": "1"}
        return browser_of(bens.author).post(f"/p/{bens.pk}/edit/", said)

    return edit


def test_edit_is_retried_when_the_post_moves(send_edit_that_raises, bens):
    assert send_edit_that_raises(*[PostMoved()] * (locks.TRIES - 1)).status_code == 302
    bens.refresh_from_db()
    assert bens.body == "My long text"


def test_edit_of_a_post_that_moves_every_time_preserves_the_text(send_edit_that_raises):
    response = send_edit_that_raises(*[PostMoved()] * 100)
    assert response.status_code == 409
    assert "My long text" in response.text


def test_error_raised_on_the_retry_is_shown_and_text_preserved(send_edit_that_raises):
    response = send_edit_that_raises(PostMoved(), NotAllowed())
    assert response.status_code == 403
    assert "My long text" in response.text


class ErrorWithoutPage(ActionError):
    """An error that no page was written for."""


def test_error_without_its_own_page_preserves_the_text(send_edit_that_raises):
    response = send_edit_that_raises(ErrorWithoutPage())
    assert response.status_code == 409
    assert "My long text" in response.text
