"""Every page of a topic links to the replies of staff."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moderation.posts.remove import remove_post
from tests.conftest import reply_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def long(topic, ben, mia, no_rate_limits):
    """Staff replied on the first of its three pages and on the last."""
    reply_to(topic, mia, "Mia speaks early.")
    for _ in range(40):
        reply_to(topic, ben)
    reply_to(topic, mia, "Mia speaks late.")
    topic.refresh_from_db()
    return topic


@pytest.mark.slow
def test_every_page_links_to_all_staff_replies(long, guest):
    address = f'href="{long.url_for("official")}">All in this topic</a>'
    for page in (1, 2, 3):
        assert address in guest.get(f"{long.get_absolute_url()}?page={page}").text
    assert "None on this page." in guest.get(f"{long.get_absolute_url()}?page=2").text
    assert "None on this page." not in guest.get(f"{long.get_absolute_url()}?page=3").text


def test_single_page_topic_links_its_staff_replies_directly(topic, mia, guest):
    assert "Staff replies" not in guest.get(topic.get_absolute_url()).text
    post = reply_to(topic, mia)
    page = guest.get(topic.get_absolute_url()).text
    assert f'<a href="#p{post.pk}">#{post.position} <bdi>mia</bdi></a>' in page
    assert "All in this topic" not in page


@pytest.mark.slow
def test_list_shows_only_staff_replies_oldest_first(long, guest):
    page = guest.get(long.url_for("official")).text
    assert page.index("Mia speaks early.") < page.index("Mia speaks late.")
    assert page.count('class="excerpt"') == 2


@pytest.mark.slow
def test_removed_staff_reply_is_left_out(long, noor, guest):
    remove_post(post=long.posts.get(position=3), by=noor, reason="Wrong.")
    page = guest.get(long.url_for("official")).text
    assert "Mia speaks early." not in page
    assert "Mia speaks late." in page


@pytest.mark.slow
def test_list_is_paginated_at_constant_query_count(long, mia, guest, monkeypatch):
    monkeypatch.setattr("forum.topic_page.official_views.ROWS_PER_PAGE", 1)
    costs = []
    for address, words, other in (("", "early", "late"), ("?after=3", "late", "early")):
        with CaptureQueriesContext(connection) as captured:
            page = guest.get(long.url_for("official") + address).text
        costs.append(len(captured))
        assert f"Mia speaks {words}." in page
        assert f"Mia speaks {other}." not in page
    assert costs[0] == costs[1]
    assert 'href="?after=3"' in guest.get(long.url_for("official")).text
    assert "No more staff replies." in guest.get(f"{long.url_for('official')}?after=99999999999").text


@pytest.mark.parametrize("after", ["x", "-1", "9" * 19])
def test_malformed_cursor_returns_400(topic, guest, after):
    assert guest.get(f"{topic.url_for('official')}?after={after}").status_code == 400
