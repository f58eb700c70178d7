"""Forms filled in by programs: a tripped honeypot gives an error or a review by staff, and no text is lost."""

import re
from uuid import uuid4

import pytest

from accounts.models import User
from core.web.honeypot import seconds_since, signed_now
from forum.access.errors import PostPendingApproval
from forum.drafts import store as drafts_store
from forum.models import PendingPost, Post
from forum.models.draft import reply_draft_key
from moderation.approval.approve import approve_post
from tests.conftest import reply_to
from tests.support.forms import send_reply
from tests.support.newcomers import only_waiting

pytestmark = pytest.mark.django_db

DORA = {"username": "Dora", "email": "dora@example.org", "password1": "grey-heron-42", "accepts_rules": "on"}


@pytest.fixture(autouse=True)
def seconds_count(settings):
    settings.SECONDS_TO_SIGN_UP, settings.SECONDS_TO_POST = 2, 3


def begun_in(page) -> str:
    return re.search(r'name="begun" value="([^"]+)"', page.text)[1]


def test_a_new_member_who_takes_their_time_posts(topic, nora, sign_in):
    assert send_reply(sign_in(nora), topic, begun=signed_now(seconds_ago=4)).status_code == 302
    assert Post.objects.filter(author=nora).exists()


@pytest.mark.parametrize("begun", ["", "nonsense", "1:abc"])
def test_a_form_that_we_did_not_make_is_given_back(topic, nora, sign_in, begun):
    refused = send_reply(sign_in(nora), topic, begun=begun)
    assert refused.status_code == 422
    assert "Please wait a few seconds, then send your post again." in refused.text
    assert "Mine too." in refused.text
    assert not Post.objects.filter(author=nora).exists()


def test_one_that_was_sent_at_once_too_and_then_it_keeps_its_moment(topic, nora, sign_in):
    begun = signed_now()
    refused = send_reply(sign_in(nora), topic, begun=begun)
    assert refused.status_code == 422
    assert begun_in(refused) == begun
    assert not PendingPost.objects.exists()


def test_what_people_do_not_see_was_filled_in(topic, nora, sign_in):
    send_reply(sign_in(nora), topic, begun=signed_now(seconds_ago=9), remarks="Buy!")
    assert (only_waiting().why, only_waiting().body) == ("trap", "Mine too.")


@pytest.mark.parametrize("days", [1, 400])
def test_a_slow_reader_and_a_page_from_the_browsers_memory_are_fine(topic, nora, sign_in, days):
    assert send_reply(sign_in(nora), topic, begun=signed_now(seconds_ago=days * 86_400)).status_code == 302


def test_a_form_that_goes_on_with_a_draft_is_sent_at_once(topic, nora, sign_in):
    drafts_store.save(by=nora, draft_key=reply_draft_key(topic.pk), version=0, body="Mine too.")
    client = sign_in(nora)
    for address in (topic.get_absolute_url(), topic.url_for("reply")):
        begun = begun_in(client.get(address))
        assert seconds_since(begun) > 3_000
    assert send_reply(client, topic, begun=begun).status_code == 302


def test_so_is_one_that_was_previewed(topic, nora, sign_in):
    begun = signed_now(seconds_ago=60)
    said = {
        "place": reply_draft_key(topic.pk),
        "body": "Hello.",
        "begun": begun,
        "submission_key": str(uuid4()),
    }
    assert begun_in(sign_in(nora).post("/preview/", said)) == begun


def test_what_was_kept_while_signing_in_keeps_its_moment(topic, nora, client):
    begun = signed_now(seconds_ago=60)
    kept = client.post(
        topic.url_for("reply"), {"body": "Hello.", "begun": begun, "submission_key": str(uuid4())}
    )
    assert kept.status_code == 403
    assert f'name="kept_begun" value="{begun}"' in kept.text


def test_nobody_else_has_a_trap(topic, ben, sign_in):
    client = sign_in(ben)
    assert 'name="remarks"' not in client.get(topic.get_absolute_url()).text
    assert send_reply(client, topic, remarks="x").status_code == 302


def test_a_person_who_joins_as_people_do(client):
    begun = begun_in(client.get("/account/signup/"))
    assert seconds_since(begun) < 2
    client.post("/account/signup/", {**DORA, "begun": signed_now(seconds_ago=3)})
    assert User.objects.get().name == "Dora"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"begun": "x:y"}, "We couldn’t verify that submission."),
        ({"begun": None}, "We couldn’t verify that submission."),
        ({"remarks": "Buy!"}, "We couldn’t verify that submission."),
    ],
)
def test_a_program_that_joins_is_told_to_try_again(client, fields, words):
    old = "remarks" in fields
    said = {**DORA, "begun": signed_now(seconds_ago=9 if old else 0), **fields}
    said = {name: value for name, value in said.items() if value is not None}
    refused = client.post("/account/signup/", said)
    assert refused.status_code == 422
    assert words in refused.text
    assert 'value="Dora"' in refused.text
    assert 'value="Buy!"' not in refused.text
    assert not User.objects.exists()


def test_who_joins_in_no_time_is_not_bothered_and_staff_see_their_first_text(client, topic, mia):
    """A password manager fills the form in at once, as programs do."""
    joined = client.post("/account/signup/", {**DORA, "begun": signed_now()})
    assert (joined.status_code, joined.url) == (302, "/account/confirm-email/")
    dora = User.objects.get(name="Dora")
    assert dora.joined_too_fast
    with pytest.raises(PostPendingApproval):
        reply_to(topic, dora, "Hello.")
    text = PendingPost.objects.get()
    assert text.why == "haste"
    approve_post(pending=text, by=mia)
    dora.refresh_from_db()
    assert reply_to(topic, dora, "Hello again.").pk


def test_who_takes_their_time_posts_at_once(client, topic):
    client.post("/account/signup/", {**DORA, "begun": signed_now(seconds_ago=3)})
    dora = User.objects.get(name="Dora")
    assert not dora.joined_too_fast
    assert reply_to(topic, dora, "Hello.").pk
