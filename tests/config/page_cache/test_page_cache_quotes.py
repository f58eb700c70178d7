"""A guest's cached page is updated when a post that it quotes changes, whatever topic that is in."""

import time

import pytest

from accounts.profile import rename as profile_rename
from config.availability import database_monitor
from forum.models import Section
from forum.posts.edit import edit_post
from forum.sections.manage import change_section
from forum.topics import rename
from moderation.posts.remove import remove_post, restore_post
from tests.config.page_cache.test_page_cache import queries
from tests.config.page_cache.test_page_cache_keeping import look_and_forget
from tests.conftest import reply_to, start
from tests.forum.quotes.test_quote import quote
from tests.support import costs
from tests.support.visiting import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "Xylophone4711"


@pytest.fixture
def quoted(news, ada, mia):
    """In a topic of another section."""
    return reply_to(start(news, mia, "Elsewhere"), ada, f"They say {TOKEN}.")


@pytest.fixture
def pages(topic, quoted, ben) -> list[str]:
    """A topic page that quotes it, and what was changed in the quoting post."""
    post = reply_to(topic, ben, f"{quote(quoted, TOKEN)}\n\nYes.")
    edit_post(post=post, by=ben, body=f"{quote(quoted, TOKEN)}\n\nNo.", version=1)
    return [topic.get_absolute_url(), f"/p/{post.pk}/history/"]


@pytest.fixture
def kept(front, visitor, pages) -> list[str]:
    for address in pages:
        assert TOKEN in visitor.get(address).text
        assert queries(visitor, address) == 0
    return pages


def look(front) -> None:
    assert database_monitor.poll_now(front.store.copies.names(), within=120)


def in_store(front) -> str:
    return "".join(front.store.copies.find(key).page.body.decode() for key in front.store.copies.kept_keys())


def test_a_removal_empties_it_and_a_restoration_fills_it(front, visitor, kept, quoted, mia):
    remove_post(post=quoted, by=mia, reason="r")
    look(front)
    assert [TOKEN in visitor.get(address).text for address in kept] == [False, False]
    assert [queries(visitor, address) for address in kept] == [0, 0]
    assert TOKEN not in in_store(front)
    restore_post(post=quoted, by=mia)
    look(front)
    assert [TOKEN in visitor.get(address).text for address in kept] == [True, True]


def test_within_a_second_without_anybody_looking_for_it(front, visitor, kept, quoted, mia):
    remove_post(post=quoted, by=mia, reason="r")
    bound = costs.stretch()  # seconds
    begun = time.monotonic()
    while TOKEN in visitor.get(kept[0]).text:
        assert time.monotonic() - begun < bound
        time.sleep(0.02)


def test_and_when_the_database_is_away_it_is_not_brought_back(front, kept, quoted, mia):
    from config.page_cache.cache_key import Key

    keys = front.store.copies.kept_keys()
    remove_post(post=quoted, by=mia, reason="r")
    look_and_forget()
    for key in keys:
        found = front.store.last_good(Key(*key))
        assert found is None or TOKEN not in found[0].body.decode()


def test_an_edit_of_it_shows(front, visitor, kept, quoted, ada):
    edit_post(post=quoted, by=ada, body="They say nothing.", version=1)
    look(front)
    assert "edited since" in visitor.get(kept[0]).text


def test_a_new_title_a_new_name_and_a_closed_section_show(front, visitor, kept, quoted, ada, mia, noor):
    rename.rename_topic(topic=quoted.topic, by=mia, title="Renamed topic", version=1)
    look(front)
    assert "Renamed topic" in visitor.get(kept[0]).text
    profile_rename.rename(by=ada, name="adelheid")
    look(front)
    assert "adelheid" in visitor.get(kept[0]).text
    change_section(section=quoted.topic.section, by=noor, grants={}, read_by=Section.Audience.MEMBERS)
    look(front)
    page = visitor.get(kept[0]).text
    assert not any(word in page for word in (TOKEN, "Renamed topic", "adelheid</bdi> wrote"))


def test_it_rests_on_its_own_topic_as_it_was_read(front, visitor, topic, bens, ben, monkeypatch):
    """The topic changed between reading the posts and their quotes: the page may be too old, and must not be cached as
    current."""
    from forum.quotes.display import quotes_in
    from forum.topic_page import views as topic_page_views

    reply_to(topic, ben, quote(bens, "Here too."))

    def meanwhile(texts, person):
        reply_to(topic, ben, "In between.")
        monkeypatch.setattr(topic_page_views, "quotes_in", quotes_in)
        return quotes_in(texts, person)

    monkeypatch.setattr(topic_page_views, "quotes_in", meanwhile)
    visitor.get(topic.get_absolute_url())
    look(front)
    assert "In between." in visitor.get(topic.get_absolute_url()).text


def test_a_page_without_quotes_rests_on_nothing_more(front, topic, quoted):
    Visitor(front).get(topic.get_absolute_url())
    (key,) = front.store.copies.kept_keys()
    assert set(front.store.copies.find(key).page.rests_on) == {"epoch", f"topic:{topic.pk}"}
