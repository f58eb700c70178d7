"""Bookmarks: a member's own list, with notes that nobody else ever sees."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.web.keyset_pagination import ROWS_PER_PAGE
from forum.access import permissions
from forum.access.errors import NotAllowed
from forum.bookmarks.bookmark import add_bookmark
from forum.models import Bookmark, Post, Section
from forum.models.maximum_lengths import NOTE_MAX
from moderation.posts.remove import remove_post, restore_post
from tests.conftest import offers, reply_to, start

pytestmark = pytest.mark.django_db

CANARY = "canary-in-a-private-note"


def read(client, address="/saved/") -> str:
    return client.get(address).text


class TestAddAndRemove:
    def test_one_click_adds_the_post_to_the_list(self, topic, bens, cleo, sign_in):
        client = sign_in(cleo)
        assert offers(client.get(topic.get_absolute_url()), "save")
        assert client.post(f"/p/{bens.pk}/save/")["Location"] == bens.actions_url
        page = read(client)
        assert f'<a href="/p/{bens.pk}/"><bdi>Slow search</bdi></a>' in page
        assert "Here too." in page
        page = client.get(topic.get_absolute_url())
        assert f'action="/p/{bens.pk}/unsave/"' in page.text

    def test_bookmark_with_a_note_can_be_added_from_its_page(self, bens, cleo, sign_in):
        client = sign_in(cleo)
        assert "Bookmark post" in read(client, f"/p/{bens.pk}/save/")
        assert client.post(f"/p/{bens.pk}/save/", {"note": "For the winter."})["Location"] == "/saved/"
        assert "For the winter." in read(client)
        assert 'value="For the winter."' in read(client, f"/p/{bens.pk}/save/")

    def test_note_can_be_changed_and_emptied(self, bens, cleo, sign_in):
        client = sign_in(cleo)
        for note in ("One", "Two", ""):
            client.post(f"/p/{bens.pk}/save/", {"note": note})
            assert Bookmark.objects.get().note == note

    def test_second_click_does_not_change_the_note(self, bens, cleo, sign_in):
        client = sign_in(cleo)
        client.post(f"/p/{bens.pk}/save/", {"note": "Mine"})
        client.post(f"/p/{bens.pk}/save/")
        assert Bookmark.objects.get().note == "Mine"

    def test_note_over_the_length_limit_is_rejected_with_its_text(self, bens, cleo, sign_in):
        response = sign_in(cleo).post(f"/p/{bens.pk}/save/", {"note": "x" * (NOTE_MAX + 1)})
        assert response.status_code == 422
        assert "x" * (NOTE_MAX + 1) in response.text
        assert not Bookmark.objects.exists()

    def test_bookmark_can_be_removed_from_post_and_list(self, bens, cleo, sign_in):
        client = sign_in(cleo)
        client.post(f"/p/{bens.pk}/save/")
        assert client.post(f"/p/{bens.pk}/unsave/")["Location"] == bens.actions_url
        assert client.post(f"/p/{bens.pk}/unsave/", {"from_list": "yes"})["Location"] == "/saved/"
        assert "No bookmarks yet" in read(client)

    def test_members_can_bookmark_exactly_the_posts_they_can_read(
        self, topic, bens, original, ada, ben, cleo, mia
    ):
        """Compares with Post.objects.visible_to, for everybody who may have bookmarks."""
        remove_post(post=bens, by=mia, reason="Spam.")
        posts = list(Post.objects.with_details().with_topic())
        for person in (ada, ben, cleo, mia):
            listed = set(Post.objects.visible_to(person))
            assert listed == {post for post in posts if permissions.can_bookmark(person, post)}
        assert not any(permissions.can_bookmark(AnonymousUser(), post) for post in posts)

    def test_post_in_an_unreadable_section_cannot_be_bookmarked(self, bens, cleo):
        Section.objects.update(read_by=Section.Audience.STAFF)
        with pytest.raises(NotAllowed):
            add_bookmark(post=bens, by=cleo)


class TestList:
    @pytest.fixture
    def bookmarked_posts(self, talk, ada, mia, cleo) -> list[Post]:
        topic = start(talk, ada)
        posts = [reply_to(topic, mia, f"Number {number}.") for number in range(ROWS_PER_PAGE + 5)]
        Bookmark.objects.bulk_create(Bookmark(member=cleo, post=post) for post in posts)
        return posts

    @pytest.mark.slow
    def test_list_is_newest_first_and_paginated(self, bookmarked_posts, cleo, sign_in):
        client = sign_in(cleo)
        page = read(client)
        assert page.index(f"Number {ROWS_PER_PAGE + 4}.") < page.index(f"Number {ROWS_PER_PAGE + 3}.")
        assert "Number 4." not in page
        older = page.partition('rel="next" href="')[2].partition('"')[0]
        page = read(client, f"/saved/{older}")
        assert "Number 4." in page
        assert "Number 5." not in page
        assert 'rel="next"' not in page

    @pytest.mark.slow
    def test_query_count_does_not_grow_with_the_list(self, bookmarked_posts, bens, cleo, ben, sign_in):
        Bookmark.objects.create(member=ben, post=bens)
        costs = []
        for person in (cleo, ben):
            client = sign_in(person)
            read(client)
            with CaptureQueriesContext(connection) as captured:
                read(client)
            costs.append(len(captured))
        assert costs[0] == costs[1] <= 4

    def test_unreadable_post_is_listed_as_not_available_with_its_note(self, topic, bens, cleo, mia, sign_in):
        client = sign_in(cleo)
        client.post(f"/p/{bens.pk}/save/", {"note": "My own words"})
        for hide in ("remove", "close the section"):
            if hide == "remove":
                remove_post(post=bens, by=mia, reason="Spam.")
            else:
                restore_post(post=bens, by=mia)
                Section.objects.update(read_by=Section.Audience.STAFF)
            page = read(client)
            assert "<h2>Not available</h2>" in page
            assert "My own words" in page
            for secret in ("Here too.", "Slow search", f'href="/p/{bens.pk}/', ">ben<"):
                assert secret not in page
        assert client.post(f"/p/{bens.pk}/unsave/")["Location"] == "/saved/"
        assert not Bookmark.objects.exists()
        assert client.post(f"/p/{bens.pk}/unsave/").status_code == 404  # as for a bookmark that never existed


@pytest.mark.slow
def test_bookmark_and_note_are_visible_only_to_their_owner(
    topic, bens, ada, ben, cleo, mia, noor, guest, sign_in
):
    add_bookmark(post=bens, by=cleo, note=CANARY)
    assert CANARY in read(sign_in(cleo))
    pages = [
        topic.get_absolute_url(), f"/p/{bens.pk}/save/", "/saved/", "/", "/s/talk/", "/unread/", "/u/cleo/", "/u/ben/",
        f"/p/{bens.pk}/history/", "/moderation/", "/moderation/log/", f"/manage/members/{cleo.pk}/",
    ]  # fmt: skip
    for client in (guest, *map(sign_in, (ada, ben, mia, noor))):
        for page in pages:
            html = read(client, page)
            assert CANARY not in html
            assert f"/p/{bens.pk}/unsave/" not in html


def test_topic_page_costs_one_more_query_for_members_with_bookmarks(topic, bens, cleo, sign_in):
    client = sign_in(cleo)
    costs = []
    for _ in range(2):
        read(client, topic.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            read(client, topic.get_absolute_url())
        costs.append(len(captured))
        add_bookmark(post=bens, by=cleo)
    assert costs[1] == costs[0] + 1
