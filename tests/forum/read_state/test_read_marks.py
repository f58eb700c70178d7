"""The page reports how far its reader has read, as they scroll."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.rate_limiting import limits as rate_limits
from forum.models import Section
from forum.posts.edit import edit_post
from forum.read_state.unread import BEGINNING
from moderation.posts.remove import remove_post
from tests.conftest import reply_to
from tests.support.reading import BEFOREHAND, NOW, fetch_marks, is_unread, mark_of, read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def members_of_old(ada, ben, cleo, mia, monkeypatch):
    """Members who joined before anything was written and have no posting limits."""
    monkeypatch.setattr(rate_limits, "count_action", lambda *given, **said: None)


def tell(client, topic, to, **said):
    return client.post(topic.url_for("read"), {"to": to, "at": NOW, **said})


def test_showing_a_page_is_not_reading_it(long_topic, cleo, sign_in):
    """The request only shows that the page was asked for; the page reports how far it is read."""
    sign_in(cleo).get(long_topic.get_absolute_url())
    assert mark_of(cleo, long_topic) is None


def test_as_far_as_the_page_tells_is_read_and_never_back(long_topic, cleo, sign_in):
    client = sign_in(cleo)
    for to, mark in ((3, 3), (12, 12), (5, 12), (12, 12), (45, 45), (999_999_999, 45)):
        assert tell(client, long_topic, to).status_code == 204
        assert mark_of(cleo, long_topic) == mark
    assert not is_unread(cleo, long_topic)


def test_without_scripts_the_page_says_what_counts_as_read(long_topic, cleo, sign_in, guest):
    client = sign_in(cleo)
    assert '<p class="read-note">Marked as read up to #40.</p>' in read(client, long_topic, 2)
    assert mark_of(cleo, long_topic) == 40
    for page in (1, 2):
        assert "Marked as read" not in read(client, long_topic, page)  # they have read it
    assert "Marked as read" not in read(guest, long_topic)


@pytest.mark.parametrize("said", BEFOREHAND, ids=str)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_fetched_beforehand_marks_nothing(long_topic, cleo, sign_in, said, method):
    client = sign_in(cleo)
    getattr(client, method)(long_topic.url_for("read"), {"to": 20, "at": NOW}, headers=said)
    assert mark_of(cleo, long_topic) is None
    getattr(client, method)(long_topic.url_for("read"), {"to": 20, "at": NOW})  # the control
    assert mark_of(cleo, long_topic) == 20


@pytest.mark.parametrize(
    "said",
    [{}, {"to": "x", "at": "1"}, {"to": "-1", "at": "1"}, {"to": "1", "at": ""}, {"to": "9" * 10, "at": "1"}],
    ids=str,
)
def test_nonsense_is_malformed(topic, cleo, sign_in, said):
    assert sign_in(cleo).post(topic.url_for("read"), said).status_code == 400
    assert mark_of(cleo, topic) is None


def test_the_place_of_a_removed_post_is_read_past(topic, ada, ben, cleo, mia, sign_in):
    posts = [reply_to(topic, ben) for _ in range(3)]
    remove_post(post=posts[0], by=mia, reason="Spam.")
    tell(sign_in(cleo), topic, 3)
    assert mark_of(cleo, topic) == 3


def test_where_one_may_not_read_nothing_is_told_and_nothing_written(topic, cleo, sign_in, guest):
    Section.objects.update(read_by=Section.Audience.STAFF)
    assert tell(sign_in(cleo), topic, 2).status_code == 404
    assert tell(guest, topic, 2).status_code == 403
    assert mark_of(cleo, topic) is None


def test_what_was_edited_after_the_page_was_made_is_still_told(topic, bens, ben, cleo, sign_in):
    client = sign_in(cleo)
    page = client.get(topic.get_absolute_url()).text
    edit_post(post=bens, by=ben, body="Other words.", version=1)
    fetch_marks(client, page)  # of the page as it was
    assert "Changed since you read it" in client.get(topic.get_absolute_url()).text


def test_a_moment_to_come_is_none(topic, bens, ben, cleo, sign_in):
    client = sign_in(cleo)
    tell(client, topic, 2, at="9" * 17)
    edit_post(post=bens, by=ben, body="Other words.", version=1)
    assert "Changed since you read it" in client.get(topic.get_absolute_url()).text


def test_a_changed_post_that_was_seen_is_told_once(topic, bens, ben, cleo, sign_in):
    client = sign_in(cleo)
    read(client, topic)
    edit_post(post=bens, by=ben, body="Other words.", version=1)
    tell(client, topic, 1)  # only the posts above it were visible
    assert "Changed since you read it" in client.get(topic.get_absolute_url()).text
    tell(client, topic, 2, at=str((timezone.now() - BEGINNING) // timedelta(microseconds=1)), changed="yes")
    assert "Changed since you read it" not in client.get(topic.get_absolute_url()).text
