"""New members read their limits before they meet one, and why a post of theirs awaits approval."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forum.access.errors import PostPendingApproval
from forum.antispam import limits
from forum.antispam.manage import change_limits
from forum.models import PendingPost
from tests.conftest import reply_to, start
from tests.support.new_member_limits import LINKS, add_watched_word, only_pending_post, set_limits

pytestmark = pytest.mark.django_db

NOTE = "data-limits"


def limits_note_in(page: str) -> str:
    return " ".join(page.partition(NOTE)[2].partition("</p>")[0].split())


@pytest.mark.parametrize("where", ["topic", "new", "edit"])
def test_every_composer_shows_the_limits_to_a_new_member(talk, topic, nora, sign_in, where):
    set_limits(mentions=3, attachments=1, links=2)
    own = reply_to(topic, nora)
    address = {"topic": topic.get_absolute_url(), "new": "/s/talk/new/", "edit": f"/p/{own.pk}/edit/"}[where]
    said = limits_note_in(sign_in(nora).get(address).text)
    for words in (
        "mention up to 3 members.",
        "A post can have 1 attachment.",
        "with more than 2 links needs approval",
    ):
        assert words in said
    assert "/account/standing/#new-member" in said


@pytest.mark.slow
def test_limits_are_not_shown_to_members_guests_and_staff(topic, ben, mia, nora, sign_in):
    nora.role = "moderator"
    nora.save()
    for person in (ben, mia, nora, None):
        client = sign_in(person)
        assert NOTE not in client.get(topic.get_absolute_url()).text
        assert "Limits for new members" not in client.get("/rules/").text


def test_limits_note_adds_no_query_to_the_topic_page(topic, ben, nora, sign_in):
    took = {}
    for person in (ben, nora):
        client = sign_in(person)
        client.get(topic.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            page = client.get(topic.get_absolute_url()).text
        took[person.name] = len(queries)
    assert NOTE in page
    assert took["nora"] == took["ben"]


def test_changed_limits_are_shown_immediately(topic, nora, noor, sign_in):
    client = sign_in(nora)
    assert "mention up to 3 members" in limits_note_in(client.get(topic.get_absolute_url()).text)
    change_limits(by=noor, mentions=0, links=0, hold_first=True)
    said = limits_note_in(client.get(topic.get_absolute_url()).text)
    for words in ("can’t mention anyone", "A post with a link needs approval", "Your first post is reviewed"):
        assert words in said


def test_composer_says_that_the_section_reviews_first_posts(talk, topic, nora, sign_in):
    type(talk).objects.update(hold_first=True)
    for address in ("/s/talk/new/", topic.get_absolute_url()):
        assert "Your first post is reviewed" in limits_note_in(sign_in(nora).get(address).text)


@pytest.mark.parametrize("address", ["/account/standing/", "/rules/"])
def test_account_status_and_rules_pages_list_all_limits_and_their_end(topic, nora, sign_in, address):
    set_limits(
        days=4, posts=3, posts_a_day=12, topics_a_day=2, links=1, mentions=5, attachments=6, texts_waiting=7
    )
    reply_to(topic, nora)
    page = sign_in(nora).get(address).text
    section = " ".join(page.partition('id="new-member"')[2].partition("</section>")[0].split())
    for words in (
        "you need 2 more visible posts",
        "12 posts per day",
        "2 new topics per day",
        "1 link per post",
        "5 mentioned members per post",
        "6 attachments per post",
        "7 posts awaiting approval",
    ):
        assert words in section
    ends = limits.limits_of(nora).ends_at
    assert f'datetime="{ends:%Y-%m-%d}' in section


def test_established_member_sees_no_limits_on_account_status(topic, nora, sign_in):
    set_limits(days=0, posts=1)
    reply_to(topic, nora)
    assert limits.limits_of(nora) is None
    assert "Limits for new members" not in sign_in(nora).get("/account/standing/").text


# --- Why a post awaits approval ---


def create_pending_reply(topic, by, body="Here too.") -> PendingPost:
    with pytest.raises(PostPendingApproval):
        reply_to(topic, by, body)
    return only_pending_post()


def read_pending_page(sign_in, waiting, person) -> str:
    return sign_in(person).get(f"/waiting/{waiting.pk}/").text


def test_pending_post_names_links_as_the_reason(topic, nora, sign_in):
    waiting = create_pending_reply(topic, nora, LINKS)
    words = "It has 3 links, more than a new member can post without a review."
    assert words in read_pending_page(sign_in, waiting, nora)
    assert words in sign_in(nora).get(topic.get_absolute_url()).text


def test_pending_post_names_first_post_review_as_the_reason(topic, nora, sign_in):
    set_limits(hold_first=True)
    assert "The first posts of new members are reviewed" in read_pending_page(
        sign_in, create_pending_reply(topic, nora), nora
    )


def test_pending_post_names_repeated_text_as_the_reason(talk, topic, ada, nora, sign_in):
    body = "This is a long enough text that nobody would write twice by accident."
    reply_to(topic, nora, body)
    waiting = create_pending_reply(start(talk, ada, "Another"), nora, body)
    assert "The same text was posted somewhere else." in read_pending_page(sign_in, waiting, nora)


@pytest.mark.parametrize("why", [PendingPost.Why.WORDS, PendingPost.Why.TRAP, PendingPost.Why.OUTSIDE])
def test_pending_post_does_not_reveal_which_automatic_check_held_it(topic, nora, noor, sign_in, why):
    add_watched_word("lamp", by=noor)
    waiting = create_pending_reply(topic, nora, "A lamp!")
    PendingPost.objects.update(why=why)
    page = read_pending_page(sign_in, waiting, nora)
    assert "An automatic check asked for a review." in page
    for secret in ("watched words", "invisible field", "external check"):
        assert secret not in page.lower()


def test_message_after_posting_names_the_reason(topic, nora, sign_in):
    sent = {"body": LINKS, "submission_key": str(uuid4())}
    page = sign_in(nora).post(topic.url_for("reply"), sent, follow=True).text
    assert "It has 3 links, more than" in page
