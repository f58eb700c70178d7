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
from tests.support.visiting import Visitor, queries

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "Xylophone4711"
TERMS = {
    "name": "Talk",
    "description": "",
    "read_by": "everyone",
    "start_by": "members",
    "reply_by": "members",
}


@pytest.fixture
def edited(topic, bens, ben) -> Post:
    edit_post(post=bens, by=ben, body=f"{TOKEN}.", version=1)
    return edit_post(post=bens, by=ben, body="Nothing any more.", version=2)


@pytest.fixture
def address(edited) -> str:
    return f"{edited.url_for('history')}?from=2&to=3"


def test_what_guests_may_not_read_is_never_kept(front, edited, address, ben, cleo, mia):
    Section.objects.update(history_by="members")
    for person in (cleo, ben, mia, None, cleo, None):
        answered = Visitor(front, cookies_of(person) if person else "").get(address)
        assert (answered.status == 200 and TOKEN in answered.text) is (person is not None)
    assert not [key for key in front.store.copies.kept_keys() if "history" in key.address]
    assert Visitor(front).get(address).status == 302


def test_and_goes_when_the_section_is_closed_to_guests(front, visitor, edited, address, talk, noor):
    assert TOKEN in visitor.get(address).text
    assert database_monitor.poll_now(within=120)
    assert queries(visitor, address) == 0  # the control: it was cached
    change_section(section=talk, by=noor, grants={}, fold_thanks=True, history_by="staff", **TERMS)
    assert database_monitor.poll_now(within=120)
    assert visitor.get(address).status == 302
    page = visitor.get(edited.topic.get_absolute_url()).text
    assert "/history/" not in page
    kept = [front.store.last_good(key) for key in front.store.copies.kept_keys() if "history" in key.address]
    assert [page for page in kept if page] == []  # not for when the database is away, either


def test_a_hidden_revision_goes_from_every_page_that_is_kept(
    front, visitor, edited, address, talk, cleo, mia
):
    other = start(talk, cleo, "Else")
    reply_to(other, cleo, quote(edited, f"{TOKEN}.", revision=2))
    pages = [address, f"{edited.url_for('history')}?from=1&to=2", other.get_absolute_url()]
    pages.append(f"/t/{other.pk}/a/feed/")
    for page in pages:
        assert TOKEN in visitor.get(page).text
    assert database_monitor.poll_now(within=120)
    hide_revision(post=edited, number=2, by=mia, reason="An address.")
    assert database_monitor.poll_now(within=120)  # within a second this happens by itself
    for page in pages:
        assert TOKEN not in visitor.get(page).text, page
