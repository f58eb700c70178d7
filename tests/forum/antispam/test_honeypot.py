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
from tests.support.new_member_limits import only_pending_post

pytestmark = pytest.mark.django_db

SIGN_UP_FIELDS = {
    "username": "Dora",
    "email": "dora@example.org",
    "password1": "grey-heron-42",
    "accepts_rules": "on",
}


@pytest.fixture(autouse=True)
def minimum_times(settings):
    settings.SECONDS_TO_SIGN_UP, settings.SECONDS_TO_POST = 2, 3


def begun_field_in(page) -> str:
    return re.search(r'name="begun" value="([^"]+)"', page.text)[1]


def test_form_sent_after_the_minimum_time_publishes_the_post(topic, nora, sign_in):
    assert send_reply(sign_in(nora), topic, begun=signed_now(seconds_ago=4)).status_code == 302
    assert Post.objects.filter(author=nora).exists()


@pytest.mark.parametrize("begun", ["", "nonsense", "1:abc"])
def test_form_with_an_invalid_timestamp_is_rejected_with_its_text(topic, nora, sign_in, begun):
    refused = send_reply(sign_in(nora), topic, begun=begun)
    assert refused.status_code == 422
    assert "Please wait a few seconds, then send your post again." in refused.text
    assert "Mine too." in refused.text
    assert not Post.objects.filter(author=nora).exists()


def test_form_sent_too_fast_is_rejected_and_keeps_its_timestamp(topic, nora, sign_in):
    begun = signed_now()
    refused = send_reply(sign_in(nora), topic, begun=begun)
    assert refused.status_code == 422
    assert begun_field_in(refused) == begun
    assert not PendingPost.objects.exists()


def test_filled_honeypot_field_holds_the_post_for_approval(topic, nora, sign_in):
    send_reply(sign_in(nora), topic, begun=signed_now(seconds_ago=9), remarks="Buy!")
    assert (only_pending_post().why, only_pending_post().body) == ("trap", "Mine too.")


@pytest.mark.parametrize("days", [1, 400])
def test_form_opened_days_ago_is_accepted(topic, nora, sign_in, days):
    assert send_reply(sign_in(nora), topic, begun=signed_now(seconds_ago=days * 86_400)).status_code == 302


def test_form_restored_from_a_draft_can_be_sent_at_once(topic, nora, sign_in):
    drafts_store.save(by=nora, draft_key=reply_draft_key(topic.pk), version=0, body="Mine too.")
    client = sign_in(nora)
    for address in (topic.get_absolute_url(), topic.url_for("reply")):
        begun = begun_field_in(client.get(address))
        assert seconds_since(begun) > 3_000
    assert send_reply(client, topic, begun=begun).status_code == 302


def test_preview_form_keeps_the_timestamp(topic, nora, sign_in):
    begun = signed_now(seconds_ago=60)
    said = {
        "place": reply_draft_key(topic.pk),
        "body": "Hello.",
        "begun": begun,
        "submission_key": str(uuid4()),
    }
    assert begun_field_in(sign_in(nora).post("/preview/", said)) == begun


def test_sign_in_page_preserves_the_form_timestamp(topic, nora, client):
    begun = signed_now(seconds_ago=60)
    kept = client.post(
        topic.url_for("reply"), {"body": "Hello.", "begun": begun, "submission_key": str(uuid4())}
    )
    assert kept.status_code == 403
    assert f'name="kept_begun" value="{begun}"' in kept.text


def test_established_member_has_no_honeypot(topic, ben, sign_in):
    client = sign_in(ben)
    assert 'name="remarks"' not in client.get(topic.get_absolute_url()).text
    assert send_reply(client, topic, remarks="x").status_code == 302


def test_sign_up_after_the_minimum_time_creates_the_account(client):
    begun = begun_field_in(client.get("/account/signup/"))
    assert seconds_since(begun) < 2
    client.post("/account/signup/", {**SIGN_UP_FIELDS, "begun": signed_now(seconds_ago=3)})
    assert User.objects.get().name == "Dora"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"begun": "x:y"}, "We couldn’t verify that submission."),
        ({"begun": None}, "We couldn’t verify that submission."),
        ({"remarks": "Buy!"}, "We couldn’t verify that submission."),
    ],
)
def test_sign_up_with_filled_honeypot_or_invalid_timestamp_is_rejected(client, fields, words):
    old = "remarks" in fields
    said = {**SIGN_UP_FIELDS, "begun": signed_now(seconds_ago=9 if old else 0), **fields}
    said = {name: value for name, value in said.items() if value is not None}
    refused = client.post("/account/signup/", said)
    assert refused.status_code == 422
    assert words in refused.text
    assert 'value="Dora"' in refused.text
    assert 'value="Buy!"' not in refused.text
    assert not User.objects.exists()


def test_fast_sign_up_succeeds_but_holds_the_first_post_for_approval(client, topic, mia):
    """A password manager fills the form in at once, as programs do."""
    joined = client.post("/account/signup/", {**SIGN_UP_FIELDS, "begun": signed_now()})
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


def test_first_post_after_a_slow_sign_up_is_published_at_once(client, topic):
    client.post("/account/signup/", {**SIGN_UP_FIELDS, "begun": signed_now(seconds_ago=3)})
    dora = User.objects.get(name="Dora")
    assert not dora.joined_too_fast
    assert reply_to(topic, dora, "Hello.").pk
