"""Unread topics: their own page, the count in the header, the marks in other lists; and marking all as read."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Group, User
from forum.models import ReadMark, Section, SectionGrant, Topic
from forum.models.page_sizes import TOPICS_PER_PAGE
from forum.read_state.unread_topics import unread_counts, unread_topics
from moderation.posts.remove import remove_post
from tests.conftest import offers, reply_to, start
from tests.support.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def established_members(ada, ben, cleo, mia, no_rate_limits):
    """Members who joined before anything was written and have no posting limits."""


def title_links(client, address: str, title: str) -> set[str]:
    """Returns where the titles of a topic lead, in every list on the page."""
    pattern = rf'<a href="([^"]+)">\s*(?:<span class="visually-hidden">New:</span>)?\s*<bdi>{title}</bdi>'
    return set(re.findall(pattern, page_of(client, address)))


def page_of(client, address="/unread/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.text.split())


def count_queries(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def fill(section, by, number):
    now = timezone.now() + timedelta(days=1)
    return [start(section, by, f"Topic {n}", at=now + timedelta(minutes=n)) for n in range(number)]


class TestUnreadList:
    def test_list_shows_unread_topics_newest_first(self, talk, ada, ben, cleo, sign_in):
        first, second, third = (start(talk, ada, title) for title in ("One", "Two", "Three"))
        reply_to(first, ben)
        client = sign_in(cleo)
        read(client, second)
        page = page_of(client)
        assert page.index("One") < page.index("Three")
        assert "Two</bdi>" not in page

    @pytest.mark.slow
    def test_next_page_continues_after_the_last_row(self, talk, ada, cleo, sign_in):
        topics = fill(talk, ada, TOPICS_PER_PAGE + 5)
        client = sign_in(cleo)
        page = page_of(client)
        older = page.partition('href="?after=')[2].partition('"')[0]
        rest = page_of(client, f"/unread/?after={older}")
        shown = [page.count(f"<bdi>{t.title}</bdi>") + rest.count(f"<bdi>{t.title}</bdi>") for t in topics]
        assert shown == [1] * len(topics)
        assert page.count("topic-row") == TOPICS_PER_PAGE
        assert 'href="?after=' not in rest

    @pytest.mark.parametrize("after", ["x", "1", "1-", "-1", "1-x", "9" * 18 + "-1"])
    def test_malformed_cursor_returns_400(self, cleo, sign_in, after):
        assert sign_in(cleo).get(f"/unread/?after={after}").status_code == 400

    def test_hidden_section_is_left_out(self, talk, ada, cleo, mia, sign_in):
        start(talk, ada, "Behind the door")
        Section.objects.update(read_by="staff")
        assert "Behind the door" not in page_of(sign_in(cleo))
        assert unread_counts(cleo).topics == 0
        assert "Behind the door" in page_of(sign_in(mia))
        assert unread_counts(mia).topics == 1

    @pytest.mark.slow
    def test_query_count_does_not_grow_with_topics(self, talk, ada, cleo, mia, sign_in):
        fill(talk, ada, 1)
        client = sign_in(cleo)
        few = [count_queries(client, address) for address in ("/unread/", "/", "/s/talk/")]
        fill(talk, mia, 40)
        assert [count_queries(client, address) for address in ("/unread/", "/", "/s/talk/")] == few
        assert few[0] <= 5


class TestUnreadCount:
    def test_count_matches_the_unread_list(self, talk, ada, ben, cleo, mia, sign_in):
        """Two queries for what is unread, one for lists and one for every page."""
        ringers = Group.objects.create(name="Ringers")
        closed = Section.objects.create(name="Ringers", slug="ringers", read_by="groups")
        SectionGrant.objects.create(section=closed, group=ringers, act="read")
        ringers.members.add(cleo)
        topics = [start(talk, ada, f"T{n}") for n in range(5)] + [start(closed, mia, "Ringing")]
        read(sign_in(cleo), topics[0])
        read(sign_in(cleo), topics[1])
        reply_to(topics[1], ben)
        User.objects.filter(pk=ben.pk).update(read_all_until=topics[2].last_post_at)
        counts = {}
        for person in (ada, ben, cleo, mia, AnonymousUser()):
            if person.pk:
                person.refresh_from_db()
            counts[str(person)] = unread_counts(person).topics
            assert counts[str(person)] == unread_topics(person).count()
        assert counts == {"ada": 1, "ben": 2, "cleo": 5, "mia": 5, "AnonymousUser": 0}

    @pytest.mark.slow
    def test_header_shows_count_up_to_99(self, talk, ada, cleo, sign_in):
        fill(talk, ada, 3)
        for address in ("/", "/unread/", "/s/talk/"):
            assert 'Unread <span class="count">3<' in page_of(sign_in(cleo), address)
        topic = Topic.objects.first()
        client = sign_in(cleo)
        assert 'Unread <span class="count">3<' in read(client, topic)
        assert 'Unread <span class="count">2<' in page_of(client, topic.get_absolute_url())
        Topic.objects.bulk_create(
            Topic(section=talk, title="x", started_by=ada, last_post_by=ada, last_position=1)
            for _ in range(120)
        )
        ReadMark.objects.filter(member=cleo).delete()
        assert 'Unread <span class="count">99+<' in page_of(sign_in(cleo), "/s/talk/")

    def test_guests_see_no_unread_count(self, topic, guest):
        assert "Unread" not in page_of(guest, "/")


class TestTopicLists:
    @pytest.mark.slow
    def test_rows_show_number_of_new_posts(self, topic, ben, cleo, sign_in):
        client = sign_in(cleo)
        for address in ("/", "/s/talk/"):
            page = page_of(client, address)
            assert '<span class="visually-hidden">New:</span> <bdi>Slow search</bdi>' in page
            assert (
                f'<a class="new" href="{topic.get_absolute_url()}unread/"><b class="num">2</b> new posts</a>'
                in page
            )
        read(client, topic)
        assert "New:</span>" not in page_of(client, "/")
        reply_to(topic, ben)
        assert '<b class="num">1</b> new' in page_of(client, "/")

    @pytest.mark.slow
    def test_titles_link_to_first_unread_and_counts_to_newest_post(
        self, talk, ada, ben, cleo, sign_in, guest
    ):
        topic = start(talk, ada, "Slow search")
        for _ in range(24):
            reply_to(topic, ben)
        topic.refresh_from_db()
        client, start_of = sign_in(cleo), topic.get_absolute_url()
        for address in ("/", "/s/talk/", "/unread/"):
            assert title_links(client, address, "Slow search") == {start_of}  # they have never visited it
        read(client, topic)
        for address in ("/", "/s/talk/", "/unread/"):
            assert title_links(client, address, "Slow search") == {f"{start_of}unread/"}
            assert f'<a href="{start_of}?page=2#newest"> <span><b class="num">24</b> replies' in page_of(
                client, address
            )
        assert client.get(f"{start_of}unread/")["Location"].startswith(f"{start_of}?page=2#p")
        read(client, topic, 2)
        for address in ("/", "/s/talk/"):
            assert title_links(client, address, "Slow search") == {
                f"{start_of}?page=2#newest"
            }  # where they had got to
            assert title_links(guest, address, "Slow search") == {start_of}

    def test_unvisited_old_topic_links_to_start_until_new_reply(self, topic, ben, cleo, sign_in):
        User.objects.filter(pk=cleo.pk).update(read_all_until=timezone.now())
        client = sign_in(cleo)
        assert title_links(client, "/", "Slow search") == {topic.get_absolute_url()}
        reply_to(topic, ben)
        assert title_links(client, "/", "Slow search") == {topic.first_unread_url}

    def test_own_new_topic_links_to_its_page(self, talk, cleo, sign_in):
        topic = start(talk, cleo, "Mine")
        assert title_links(sign_in(cleo), "/", "Mine") == {topic.get_absolute_url()}

    def test_guests_see_no_new_marks(self, topic, guest):
        assert "New:</span>" not in page_of(guest, "/")
        assert 'class="topic-row unread"' not in page_of(guest, "/s/talk/")

    def test_removed_posts_are_not_counted_as_new(self, topic, ben, cleo, mia, sign_in):
        remove_post(post=reply_to(topic, ben), by=mia, reason="Spam.")
        reply_to(topic, ben)
        assert 'unread/"><b class="num">3</b> new posts</a>' in page_of(sign_in(cleo), "/")

    def test_number_is_omitted_if_new_posts_may_be_removed(self, topic, ben, cleo, mia, sign_in):
        client = sign_in(cleo)
        read(client, topic)
        remove_post(post=reply_to(topic, ben), by=mia, reason="Spam.")
        reply_to(topic, ben)
        assert 'unread/">New posts</a>' in page_of(client, "/")

    def test_number_is_omitted_if_only_read_all_until_is_set(self, topic, ben, cleo, sign_in):
        User.objects.filter(pk=cleo.pk).update(read_all_until=timezone.now())
        reply_to(topic, ben)
        assert 'unread/">New posts</a>' in page_of(sign_in(cleo), "/")


class TestMarkAllRead:
    def test_mark_all_read_empties_the_list(self, topic, ben, cleo, sign_in):
        client = sign_in(cleo)
        assert offers(client.get("/unread/"), "mark-all-read")
        assert client.post("/unread/read/")["Location"] == "/unread/"
        page = page_of(client)
        assert "Everything is marked as read." in page
        assert "You’re all caught up." in page
        reply_to(topic, ben)
        assert "Slow search" in page_of(client)

    def test_topics_newer_than_the_page_stay_unread(self, talk, topic, ada, cleo, sign_in):
        client = sign_in(cleo)
        until = page_of(client).partition('name="until" value="')[2].partition('"')[0]
        start(talk, ada, "Meanwhile")
        client.post("/unread/read/", {"until": until})
        page = page_of(client)
        assert "Meanwhile" in page
        assert "Slow search" not in page

    def test_future_time_does_not_hide_later_posts(self, topic, ben, cleo, sign_in):
        sign_in(cleo).post("/unread/read/", {"until": "9" * 16})
        reply_to(topic, ben)
        assert "Slow search" in page_of(sign_in(cleo))

    def test_older_time_does_not_make_topics_unread_again(self, topic, cleo, sign_in):
        client = sign_in(cleo)
        client.post("/unread/read/")
        client.post("/unread/read/", {"until": "1"})
        assert "You’re all caught up." in page_of(client)

    @pytest.mark.parametrize("until", ["x", "-1", "9" * 18, "1.5"])
    def test_malformed_time_returns_400(self, cleo, sign_in, until):
        assert sign_in(cleo).post("/unread/read/", {"until": until}).status_code == 400

    def test_other_members_are_unaffected(self, topic, cleo, mia, sign_in):
        sign_in(cleo).post("/unread/read/")
        assert "Slow search" in page_of(sign_in(mia))


class TestFirstUnreadRedirect:
    def at(self, topic, position) -> str:
        post = topic.posts.get(position=position)
        page = f"?page={post.page}" if post.page > 1 else ""
        return f"{topic.get_absolute_url()}{page}#p{post.pk}"

    @pytest.mark.slow
    def test_redirects_to_first_unread_post(self, talk, ada, ben, cleo, sign_in):
        topic = start(talk, ada)
        for _ in range(24):
            reply_to(topic, ben)
        client = sign_in(cleo)
        address = f"/t/{topic.pk}/x/unread/"
        assert client.get(address)["Location"] == self.at(topic, 1)
        read(client, topic)
        assert client.get(address)["Location"] == self.at(topic, 21)
        read(client, topic, 2)
        assert client.get(address)["Location"] == self.at(topic, 25)
        ReadMark.objects.all().delete()
        User.objects.filter(pk=cleo.pk).update(read_all_until=topic.posts.get(position=22).posted_at)
        assert client.get(address)["Location"] == self.at(topic, 23)

    def test_guests_are_asked_to_sign_in(self, topic, guest):
        assert guest.get(f"/t/{topic.pk}/x/unread/")["Location"].startswith("/account/login/")
        assert guest.get("/unread/")["Location"].startswith("/account/login/")
        assert guest.post("/unread/read/").status_code == 403
