"""The Atom feeds: their content, for whom, and where readers find them."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.feeds.entries import ENTRIES_MAX
from forum.models import Removal, Section
from forum.posts.edit import edit_post
from moderation.posts.highlight import highlight_post, unhighlight_post
from moderation.posts.remove import remove_post, restore_post
from moderation.topics.close import close_topic
from tests.conftest import make_user, reply_to, start
from tests.support.feed_reader import ALL, ANNOUNCEMENTS, ATOM, HIGHLIGHTS, TALK, Read, of

pytestmark = pytest.mark.django_db


class TestEntries:
    def test_topic_feed_has_the_newest_posts(self, guest, topic, original, bens):
        feed = Read(guest, of(topic))
        assert feed.ids == [bens.pk, original.pk]
        assert feed.all("title") == ["Slow search #2", "Slow search"]
        assert feed.texts == ["<p>Here too.</p>", "<p>It takes a minute.</p>"]
        assert [entry.findtext(f"{ATOM}author/{ATOM}name") for entry in feed.entries] == ["ben", "ada"]

    def test_section_feed_has_the_newest_topics(self, guest, topic, talk, news, ben, mia):
        newer = start(talk, ben, "Fast search", "In no time.")
        start(news, mia)
        reply_to(topic, ben)
        feed = Read(guest, TALK)
        assert feed.all("title") == ["Fast search", "Slow search"]
        assert feed.texts == ["<p>In no time.</p>", "<p>It takes a minute.</p>"]
        assert feed.ids[0] == newer.posts.get().pk

    def test_site_and_announcement_feeds_have_the_newest_topics(self, guest, topic, news, mia):
        start(news, mia, "We moved")
        assert Read(guest, ALL).all("title") == ["We moved", "Slow search"]
        assert Read(guest, ANNOUNCEMENTS).all("title") == ["We moved"]

    def test_highlight_feed_is_ordered_by_time_of_highlighting(self, guest, topic, original, bens, mia):
        highlight_post(post=bens, by=mia)
        mark = highlight_post(post=original, by=mia)
        feed = Read(guest, HIGHLIGHTS)
        assert feed.ids == [original.pk, bens.pk]
        assert datetime.fromisoformat(feed.all("updated")[0]) == mark.highlighted_at
        assert datetime.fromisoformat(feed.all("published")[0]) == original.posted_at
        unhighlight_post(post=original, by=mia)
        assert Read(guest, HIGHLIGHTS).ids == [bens.pk]

    def test_highlight_entry_shows_the_highlighted_revision(self, guest, bens, ben, mia):
        mark = highlight_post(post=bens, by=mia)
        edit_post(post=bens, by=ben, body="Buy my bells.", version=1)
        feed = Read(guest, HIGHLIGHTS)
        assert "Buy my bells" not in feed.texts[0]
        assert feed.texts[0].startswith("<p>Here too.</p>")
        assert "has edited this post since" in feed.texts[0]
        assert datetime.fromisoformat(feed.all("updated")[0]) == mark.highlighted_at
        bens.refresh_from_db()
        highlight_post(post=bens, by=mia)
        assert Read(guest, HIGHLIGHTS).texts == ["<p>Buy my bells.</p>"]

    def test_staff_edit_updates_the_highlight_entry(self, guest, bens, mia):
        highlight_post(post=bens, by=mia)
        edited = edit_post(post=bens, by=mia, body="Here, too.", version=1, reason="A comma.")
        feed = Read(guest, HIGHLIGHTS)
        assert feed.texts == ["<p>Here, too.</p>"]
        assert datetime.fromisoformat(feed.all("updated")[0]) == edited.edited_at

    def test_edit_changes_text_and_updated_time_of_the_entry(self, guest, topic, original, ada):
        edited = edit_post(post=original, by=ada, body="It takes two.", version=1)
        feed = Read(guest, of(topic))
        assert feed.texts[1] == "<p>It takes two.</p>"
        assert datetime.fromisoformat(feed.all("updated")[1]) == edited.edited_at
        assert datetime.fromisoformat(feed.all("published")[1]) == original.posted_at

    def test_closed_topic_still_has_a_feed(self, guest, topic, mia):
        close_topic(topic=topic, by=mia, reason="Solved.")
        assert len(Read(guest, of(topic)).entries) == 2

    @pytest.mark.slow
    def test_feed_has_at_most_twenty_entries(self, guest, talk, topic, ada, mia):
        now = timezone.now()
        for n in range(ENTRIES_MAX + 3):
            started = start(talk, ada, f"Topic {n}", at=now - timedelta(days=99 - n))
            highlight_post(post=started.posts.get(), by=mia)
            reply_to(topic, ada, f"Answer {n}", at=now - timedelta(days=99 - n))
        for address in (ALL, TALK, HIGHLIGHTS, of(topic)):
            assert len(Read(guest, address).entries) == ENTRIES_MAX, address
        assert Read(guest, TALK).all("title")[0] == f"Topic {ENTRIES_MAX + 2}"
        assert Read(guest, of(topic)).texts[0] == f"<p>Answer {ENTRIES_MAX + 2}</p>"


class TestHiddenContent:
    @pytest.mark.slow
    def test_hidden_and_removed_posts_do_not_displace_visible_entries(
        self, guest, topic, original, bens, talk, news, mia
    ):
        """If they were removed only from the newest twenty, nothing would be left."""
        announcement = start(news, mia).posts.get()
        highlight_post(post=original, by=mia)
        hidden = Section.objects.create(name="Desk", slug="desk", read_by="staff", start_by="staff")
        for n in range(ENTRIES_MAX):
            highlight_post(post=start(hidden, mia, f"Hidden {n}").posts.get(), by=mia)
            for section in (talk, news):
                remove_post(post=start(section, mia).posts.get(), by=mia, reason="Twice.")
            remove_post(post=reply_to(topic, mia), by=mia, reason="Twice.")
        assert Read(guest, ALL).ids == [announcement.pk, original.pk]
        assert Read(guest, TALK).ids == Read(guest, HIGHLIGHTS).ids == [original.pk]
        assert Read(guest, ANNOUNCEMENTS).ids == [announcement.pk]
        assert Read(guest, of(topic)).ids == [bens.pk, original.pk]

    def test_highlighted_removed_post_is_not_listed(self, guest, bens, mia):
        highlight_post(post=bens, by=mia)
        Removal.objects.create(post=bens, removed_by=mia)
        assert Read(guest, HIGHLIGHTS).ids == []

    @pytest.mark.slow
    @pytest.mark.parametrize("role", ["guest", "member", "moderator", "admin"])
    def test_every_role_gets_the_same_feeds_as_a_guest(
        self, sign_in, every_feed, talk, ada, ben, role, guest, mia
    ):
        hidden = Section.objects.create(name="Lounge", slug="lounge", read_by="members")
        board = Section.objects.create(name="Desk", slug="desk", read_by="members", start_by="staff")
        for section in (hidden, board):
            secret = start(section, mia, "Secret", "Secret.")
            highlight_post(post=secret.posts.get(), by=mia)
        removed = start(talk, ada, "Removed", "Removed.")
        remove_post(post=removed.posts.get(), by=mia, reason="Rude.")
        client = guest if role == "guest" else sign_in(make_user("zoe", role))
        for address in every_feed:
            said = Read(client, address).response.content
            assert b"Secret" not in said, address
            assert b"Removed" not in said, address
            assert said == guest.get(address).content
        for address in (of(secret), "/s/lounge/feed/"):
            nowhere = address.replace("lounge", "nowhere").replace(f"/{secret.pk}/", "/987654321/")
            refused, missing = client.get(address), client.get(nowhere)
            assert refused.status_code == missing.status_code == 404
            assert (refused.content, refused.headers) == (missing.content, missing.headers)

    def test_author_does_not_get_own_removed_post(self, sign_in, topic, bens, ben, mia):
        remove_post(post=bens, by=mia, reason="Rude.")
        assert bens.pk not in Read(sign_in(ben), of(topic)).ids

    def test_removed_post_disappears_and_restored_post_returns(self, guest, topic, original, bens, mia):
        highlight_post(post=bens, by=mia)
        remove_post(post=bens, by=mia, reason="Rude.")
        remove_post(post=original, by=mia, reason="Rude.")
        for address in (of(topic), TALK, ALL, HIGHLIGHTS):
            assert Read(guest, address).ids == [], address
        restore_post(post=original, by=mia)
        for address in (of(topic), TALK, ALL):
            assert Read(guest, address).ids == [original.pk], address

    def test_request_host_never_appears_in_a_feed(self, client, every_feed, settings):
        settings.ALLOWED_HOSTS = ["evil.example"]
        for address in every_feed:
            headers = {"HTTP_HOST": "evil.example", "HTTP_X_FORWARDED_HOST": "evil.example"}
            assert b"evil.example" not in client.get(address, **headers).content

    def test_post_request_to_a_feed_returns_405(self, guest, every_feed):
        assert {guest.post(address).status_code for address in every_feed} == {405}


@pytest.mark.slow
def test_query_count_does_not_grow_with_the_entries(
    guest, topic, talk, news, ada, ben, mia, django_assert_num_queries
):
    queries = {ALL: 1, ANNOUNCEMENTS: 1, HIGHLIGHTS: 2, TALK: 2, of(topic): 2}
    highlight_post(post=topic.posts.get(position=1), by=mia)
    for address, number in queries.items():
        with django_assert_num_queries(number):
            guest.get(address)
    for n in range(12):
        for section, by in ((talk, make_user(f"member{n}")), (news, mia)):
            post = start(section, by, f"Topic {n}").posts.get()
            highlight_post(post=post, by=mia)
            if n % 2:
                edit_post(post=post, by=by, body="Another.", version=1, reason="Better.")
        reply_to(topic, by)
    for address, number in queries.items():
        with CaptureQueriesContext(connection) as captured:
            assert len(Read(guest, address).entries) >= 12
        assert len(captured) == number, address


class TestFeedLinks:
    ALTERNATE = re.compile(
        r'<link rel="alternate" type="application/atom\+xml" title="([^"]*)" href="([^"]*)">'
    )

    @pytest.mark.slow
    def test_pages_link_to_their_feeds(self, guest, sign_in, topic, ben):
        for client in (guest, sign_in(ben)):
            named = {
                page: self.ALTERNATE.findall(client.get(page).text)
                for page in ("/", "/s/talk/", topic.get_absolute_url())
            }
            assert named["/"] == [
                ("New topics", ALL), ("Announcements", ANNOUNCEMENTS), ("Highlighted posts", HIGHLIGHTS)
            ]  # fmt: skip
            assert named["/s/talk/"] == [("Talk", TALK)]
            assert named[topic.get_absolute_url()] == [("Slow search", of(topic))]
            for page, feeds in named.items():
                for _, address in feeds:
                    assert f'<a href="{address}"' in client.get(page).text.replace(' class="feed"', "")

    def test_members_only_section_has_no_feed_links(self, sign_in, talk, topic, ben):
        Section.objects.filter(pk=talk.pk).update(read_by="members")
        for page in ("/s/talk/", topic.get_absolute_url()):
            said = sign_in(ben).get(page).text
            assert "atom+xml" not in said
            assert "/feed/" not in said
