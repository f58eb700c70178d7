"""A history that guests may not read never enters the cache, and a revision that staff hide leaves it at once."""

import pytest

from config.availability import database_monitor
from forum.models import Post, Section
from forum.posts.edit import edit_post
from forum.sections.manage import change_section
from moderation.posts.hide_revision import hide_revision
from tests.conftest import reply_to, start
from tests.forum.quotes.test_quote import quote
from tests.support.site_fixtures import cookies_of
from tests.support.wsgi_client import Visitor, count_queries

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "Xylophone4711"
SECTION_FIELDS = {
    "name": "Talk",
    "description": "",
    "read_by": "everyone",
    "start_by": "members",
    "reply_by": "members",
}


@pytest.fixture
def edited_post(topic, bens, ben) -> Post:
    edit_post(post=bens, by=ben, body=f"{TOKEN}.", version=1)
    return edit_post(post=bens, by=ben, body="Nothing any more.", version=2)


@pytest.fixture
def address(edited_post) -> str:
    return f"{edited_post.url_for('history')}?from=2&to=3"


@pytest.mark.slow
def test_history_hidden_from_guests_is_not_cached(front, edited_post, address, ben, cleo, mia):
    Section.objects.update(history_by="members")
    for person in (cleo, ben, mia, None, cleo, None):
        answered = Visitor(front, cookies_of(person) if person else "").get(address)
        assert (answered.status == 200 and TOKEN in answered.text) is (person is not None)
    assert not [key for key in front.store.copies.kept_keys() if "history" in key.address]
    assert Visitor(front).get(address).status == 302


def test_cached_history_is_dropped_when_hidden_from_guests(front, visitor, edited_post, address, talk, noor):
    assert TOKEN in visitor.get(address).text
    assert database_monitor.poll_now(within=120)
    assert count_queries(visitor, address) == 0  # the control: it was cached
    change_section(section=talk, by=noor, grants={}, fold_thanks=True, history_by="staff", **SECTION_FIELDS)
    assert database_monitor.poll_now(within=120)
    assert visitor.get(address).status == 302
    page = visitor.get(edited_post.topic.get_absolute_url()).text
    assert "/history/" not in page
    kept = [front.store.last_good(key) for key in front.store.copies.kept_keys() if "history" in key.address]
    assert [page for page in kept if page] == []  # not for when the database is away, either


@pytest.mark.slow
def test_hidden_revision_disappears_from_cached_pages(front, visitor, edited_post, address, talk, cleo, mia):
    other = start(talk, cleo, "Else")
    reply_to(other, cleo, quote(edited_post, f"{TOKEN}.", revision=2))
    pages = [address, f"{edited_post.url_for('history')}?from=1&to=2", other.get_absolute_url()]
    pages.append(f"/t/{other.pk}/a/feed/")
    for page in pages:
        assert TOKEN in visitor.get(page).text
    assert database_monitor.poll_now(within=120)
    hide_revision(post=edited_post, number=2, by=mia, reason="An address.")
    assert database_monitor.poll_now(within=120)  # within a second this happens by itself
    for page in pages:
        assert TOKEN not in visitor.get(page).text, page
