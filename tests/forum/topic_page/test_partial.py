"""Thanks, bookmarks and votes: a script gets the parts of the page that changed; without one the response leads back
to the same position, and no banner appears."""

import re

import pytest
from django.contrib.messages import get_messages

from forum.bookmarks.bookmark import add_bookmark
from forum.models import Thanks, Topic
from forum.polls import vote as polls_vote
from forum.polls.polls import PollTerms
from forum.thanks.thank import thank_post
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from tests.conftest import reply_to, start
from tests.support.page import Page

pytestmark = pytest.mark.django_db

JSON_HEADERS = {"Accept": "application/json"}
CSRF_TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=)"[^"]+"')
ACTIONS = ["thank", "unthank", "save", "unsave", "vote", "unvote"]


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", CSRF_TOKEN.sub(r"\1", html)).strip()


def parts_of(html: str) -> list[str]:
    """Returns the elements of a fragment: each begins with what has an id."""
    return [
        part
        for part in re.split(r'(?=<(?:form|div|section)[^>]* id="(?:thanks?|save|poll)\d*")', html)
        if part.strip()
    ]


@pytest.fixture
def polled(talk, ada, ben) -> Topic:
    topic = start(talk, ada, "Tea?", poll=PollTerms(("Yes", "No"), "Tea & milk?", is_multiple=True))
    polls_vote.vote(topic=topic, by=ben, options=[topic.poll.options.first().pk])
    return topic


@pytest.fixture
def requests_by_action(topic, bens, polled, ben, cleo) -> dict[str, tuple[str, dict[str, object]]]:
    """Returns the URL of each act, and the fields to send."""
    thank_post(post=bens, by=topic.started_by)
    vote = {"option": [polled.poll.options.last().pk]}
    of_post = {act: (bens.url_for(act), {}) for act in ACTIONS[:4]}
    return of_post | {"vote": (polled.url_for("vote"), vote), "unvote": (polled.url_for("unvote"), {})}


@pytest.mark.parametrize("act", ACTIONS)
def test_json_response_matches_the_updated_page(topic, polled, requests_by_action, cleo, sign_in, act):
    client = sign_in(cleo)
    if act.startswith("un"):
        client.post(requests_by_action[act[2:]][0], requests_by_action[act[2:]][1])
    address, fields = requests_by_action[act]
    response = client.post(address, fields, headers=JSON_HEADERS)
    assert response.status_code == 200
    assert response.json()["told"]
    page = client.get((polled if "vote" in act else topic).get_absolute_url()).text
    parts = parts_of(response.json()["html"])
    assert len(parts) == (2 if "thank" in act else 1)
    for part in parts:
        assert plain(part) in plain(page)
    assert "messages page" not in page


@pytest.mark.parametrize("act", ACTIONS)
def test_form_post_redirects_to_the_button_without_banner(
    bens, polled, requests_by_action, cleo, sign_in, act
):
    client = sign_in(cleo)
    address, fields = requests_by_action[act]
    response = client.post(address, fields)
    place = f"{polled.get_absolute_url()}#voting" if "vote" in act else bens.actions_url
    assert (response.status_code, response["Location"]) == (302, place)
    assert f'id="{place.partition("#")[2]}"' in client.get(place).text
    assert not list(get_messages(response.wsgi_request))


@pytest.mark.slow
def test_redirect_contains_the_page_number(topic, ben, cleo, sign_in, no_rate_limits):
    posts = [reply_to(topic, ben) for _ in range(25)]
    response = sign_in(cleo).post(posts[-1].url_for("thank"))
    assert response["Location"] == f"{topic.get_absolute_url()}?page=2#acts{posts[-1].pk}"


def test_repeated_thanks_count_once_and_return_same_html(bens, cleo, sign_in):
    client = sign_in(cleo)
    first, second = (client.post(bens.url_for("thank"), headers=JSON_HEADERS).json() for _ in range(2))
    assert plain(first["html"]) == plain(second["html"])
    assert Thanks.objects.count() == 1


def test_invalid_vote_returns_json_error(polled, cleo, sign_in):
    response = sign_in(cleo).post(polled.url_for("vote"), {}, headers=JSON_HEADERS)
    assert (response.status_code, response.json()) == (422, {"error": "Choose an option."})


def test_signed_out_request_gets_sign_in_form(bens, guest):
    response = guest.post(bens.url_for("thank"), headers=JSON_HEADERS)
    assert response.status_code == 403
    assert '<button class="button" data-act="sign-in">' in response.text


def test_buttons_name_their_post_and_pressed_state(topic, bens, cleo, sign_in):
    client = sign_in(cleo)
    page = Page(client.get(topic.get_absolute_url()))
    for word in ("Thank", "Bookmark"):
        button = page.one(f'button[aria-label="{word} ben’s post #2"]')
        assert (button.text, button["aria-pressed"]) == (word, "false")
    for word in ("Quote", "Report"):
        assert page.one(f'a[aria-label="{word} ben’s post #2"]').text == word
    page = Page(client.post(bens.url_for("thank"), follow=True))
    assert page.one('button[aria-label="Thanked ben’s post #2"]')["aria-pressed"] == "true"


def test_every_action_of_a_post_names_it(topic, bens, ben, mia, noor, sign_in):
    seen: set[str] = set()

    def expect_names(*readers) -> None:
        for reader in readers:
            page = Page(sign_in(reader).get(topic.get_absolute_url()))
            for action in page.all(f"#p{bens.pk} .acts [data-act]"):
                seen.add(action["data-act"])
                assert action["aria-label"].endswith("ben’s post #2"), action["data-act"]

    expect_names(ben, mia)
    highlight_post(post=bens, by=noor)
    thank_post(post=bens, by=mia)
    add_bookmark(post=bens, by=mia)
    expect_names(mia)
    remove_post(post=bens, by=noor, reason="Spam.")
    expect_names(mia)
    assert seen >= {"thank", "unthank", "save", "unsave", "quote", "edit", "report", "staff_reply"}
    assert seen >= {"highlight", "unhighlight", "remove", "restore"}
