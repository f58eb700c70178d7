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
from tests.config.page_cache.test_responses import count_queries
from tests.config.page_cache.test_storage import check_database_and_wait
from tests.conftest import reply_to, start
from tests.forum.quotes.test_quote import quote
from tests.support import costs
from tests.support.wsgi_client import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "Xylophone4711"


@pytest.fixture
def quoted_post(news, ada, mia):
    """In a topic of another section."""
    return reply_to(start(news, mia, "Elsewhere"), ada, f"They say {TOKEN}.")


@pytest.fixture
def page_urls(topic, quoted_post, ben) -> list[str]:
    """A topic page that quotes it, and what was changed in the quoting post."""
    post = reply_to(topic, ben, f"{quote(quoted_post, TOKEN)}\n\nYes.")
    edit_post(post=post, by=ben, body=f"{quote(quoted_post, TOKEN)}\n\nNo.", version=1)
    return [topic.get_absolute_url(), f"/p/{post.pk}/history/"]


@pytest.fixture
def cached_urls(front, visitor, page_urls) -> list[str]:
    for address in page_urls:
        assert TOKEN in visitor.get(address).text
        assert count_queries(visitor, address) == 0
    return page_urls


def check_database(front) -> None:
    assert database_monitor.poll_now(front.store.copies.names(), within=120)


def cached_text(front) -> str:
    return "".join(front.store.copies.find(key).page.body.decode() for key in front.store.copies.kept_keys())


@pytest.mark.slow
def test_quote_is_hidden_by_removal_and_shown_after_restoration(
    front, visitor, cached_urls, quoted_post, mia
):
    remove_post(post=quoted_post, by=mia, reason="r")
    check_database(front)
    assert [TOKEN in visitor.get(address).text for address in cached_urls] == [False, False]
    assert [count_queries(visitor, address) for address in cached_urls] == [0, 0]
    assert TOKEN not in cached_text(front)
    restore_post(post=quoted_post, by=mia)
    check_database(front)
    assert [TOKEN in visitor.get(address).text for address in cached_urls] == [True, True]


@pytest.mark.slow
def test_removed_quote_disappears_within_a_second(front, visitor, cached_urls, quoted_post, mia):
    remove_post(post=quoted_post, by=mia, reason="r")
    bound = costs.stretch()  # seconds
    begun = time.monotonic()
    while TOKEN in visitor.get(cached_urls[0]).text:
        assert time.monotonic() - begun < bound
        time.sleep(0.02)


@pytest.mark.slow
def test_removed_quote_is_not_served_during_outage(front, cached_urls, quoted_post, mia):
    from config.page_cache.cache_key import Key

    keys = front.store.copies.kept_keys()
    remove_post(post=quoted_post, by=mia, reason="r")
    check_database_and_wait()
    for key in keys:
        found = front.store.last_good(Key(*key))
        assert found is None or TOKEN not in found[0].body.decode()


@pytest.mark.slow
def test_edit_of_quoted_post_is_shown(front, visitor, cached_urls, quoted_post, ada):
    edit_post(post=quoted_post, by=ada, body="They say nothing.", version=1)
    check_database(front)
    assert "edited since" in visitor.get(cached_urls[0]).text


@pytest.mark.slow
def test_quote_follows_title_username_and_section_changes(
    front, visitor, cached_urls, quoted_post, ada, mia, noor
):
    rename.rename_topic(topic=quoted_post.topic, by=mia, title="Renamed topic", version=1)
    check_database(front)
    assert "Renamed topic" in visitor.get(cached_urls[0]).text
    profile_rename.rename(by=ada, name="adelheid")
    check_database(front)
    assert "adelheid" in visitor.get(cached_urls[0]).text
    change_section(section=quoted_post.topic.section, by=noor, grants={}, read_by=Section.Audience.MEMBERS)
    check_database(front)
    page = visitor.get(cached_urls[0]).text
    assert not any(word in page for word in (TOKEN, "Renamed topic", "adelheid</bdi> wrote"))


@pytest.mark.slow
def test_page_depends_on_topic_version_read_before_quotes(front, visitor, topic, bens, ben, monkeypatch):
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
    check_database(front)
    assert "In between." in visitor.get(topic.get_absolute_url()).text


def test_page_without_quotes_depends_only_on_site_and_topic(front, topic, quoted_post):
    Visitor(front).get(topic.get_absolute_url())
    (key,) = front.store.copies.kept_keys()
    assert set(front.store.copies.find(key).page.rests_on) == {"epoch", f"topic:{topic.pk}"}
