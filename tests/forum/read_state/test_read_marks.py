"""The page reports how far its reader has read, as they scroll."""

import pytest
from django.utils import timezone

from core.web.times import to_microseconds
from forum.models import Section
from forum.posts.edit import edit_post
from moderation.posts.remove import remove_post
from tests.conftest import reply_to
from tests.support.reading import NOW, PREFETCH_HEADERS, fetch_marks, is_unread, mark_of, read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def established_members(ada, ben, cleo, mia, no_rate_limits):
    """Members who joined before anything was written and have no posting limits."""


def report_read(client, topic, to, **fields):
    return client.post(topic.url_for("read"), {"to": to, "at": NOW, **fields})


def test_loading_a_page_does_not_mark_it_read(long_topic, cleo, sign_in):
    """The request only shows that the page was asked for; the page reports how far it is read."""
    sign_in(cleo).get(long_topic.get_absolute_url())
    assert mark_of(cleo, long_topic) is None


@pytest.mark.slow
def test_read_report_moves_the_mark_forward_only(long_topic, cleo, sign_in):
    client = sign_in(cleo)
    for to, mark in ((3, 3), (12, 12), (5, 12), (12, 12), (45, 45), (999_999_999, 45)):
        assert report_read(client, long_topic, to).status_code == 204
        assert mark_of(cleo, long_topic) == mark
    assert not is_unread(cleo, long_topic)


@pytest.mark.slow
def test_page_without_scripts_shows_what_was_marked_read(long_topic, cleo, sign_in, guest):
    client = sign_in(cleo)
    assert '<p class="read-note">Marked as read up to #40.</p>' in read(client, long_topic, 2)
    assert mark_of(cleo, long_topic) == 40
    for page in (1, 2):
        assert "Marked as read" not in read(client, long_topic, page)  # they have read it
    assert "Marked as read" not in read(guest, long_topic)


@pytest.mark.slow
@pytest.mark.parametrize("fields", PREFETCH_HEADERS, ids=str)
@pytest.mark.parametrize("method", ["get", "post"])
def test_prefetched_read_report_marks_nothing(long_topic, cleo, sign_in, fields, method):
    client = sign_in(cleo)
    getattr(client, method)(long_topic.url_for("read"), {"to": 20, "at": NOW}, headers=fields)
    assert mark_of(cleo, long_topic) is None
    getattr(client, method)(long_topic.url_for("read"), {"to": 20, "at": NOW})  # the control
    assert mark_of(cleo, long_topic) == 20


@pytest.mark.parametrize(
    "fields",
    [{}, {"to": "x", "at": "1"}, {"to": "-1", "at": "1"}, {"to": "1", "at": ""}, {"to": "9" * 10, "at": "1"}],
    ids=str,
)
def test_malformed_read_report_returns_400(topic, cleo, sign_in, fields):
    assert sign_in(cleo).post(topic.url_for("read"), fields).status_code == 400
    assert mark_of(cleo, topic) is None


def test_read_mark_can_point_to_removed_post(topic, ada, ben, cleo, mia, sign_in):
    posts = [reply_to(topic, ben) for _ in range(3)]
    remove_post(post=posts[0], by=mia, reason="Spam.")
    report_read(sign_in(cleo), topic, 3)
    assert mark_of(cleo, topic) == 3


def test_read_report_in_hidden_section_is_rejected(topic, cleo, sign_in, guest):
    Section.objects.update(read_by=Section.Audience.STAFF)
    assert report_read(sign_in(cleo), topic, 2).status_code == 404
    assert report_read(guest, topic, 2).status_code == 403
    assert mark_of(cleo, topic) is None


def test_edit_after_page_load_is_still_shown_as_changed(topic, bens, ben, cleo, sign_in):
    client = sign_in(cleo)
    page = client.get(topic.get_absolute_url()).text
    edit_post(post=bens, by=ben, body="Other words.", version=1)
    fetch_marks(client, page)  # of the page as it was
    assert "Changed since you read it" in client.get(topic.get_absolute_url()).text


def test_read_report_with_future_time_does_not_hide_later_edits(topic, bens, ben, cleo, sign_in):
    client = sign_in(cleo)
    report_read(client, topic, 2, at="9" * 17)
    edit_post(post=bens, by=ben, body="Other words.", version=1)
    assert "Changed since you read it" in client.get(topic.get_absolute_url()).text


def test_changed_mark_disappears_after_edited_post_is_read(topic, bens, ben, cleo, sign_in):
    client = sign_in(cleo)
    read(client, topic)
    edit_post(post=bens, by=ben, body="Other words.", version=1)
    report_read(client, topic, 1)  # only the posts above it were visible
    assert "Changed since you read it" in client.get(topic.get_absolute_url()).text
    report_read(client, topic, 2, at=str(to_microseconds(timezone.now())), changed="yes")
    assert "Changed since you read it" not in client.get(topic.get_absolute_url()).text
