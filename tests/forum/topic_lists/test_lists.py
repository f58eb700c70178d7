"""The home page, a section's list, a member's page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import FormerName
from accounts.profile.profile import change_profile
from core.text.name_keys import name_key
from forum.models import Closure, Highlight, Pin, Removal, Section
from tests.conftest import reply_to, start

pytestmark = pytest.mark.django_db


def count_queries(client, address) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def fill(section, by, number, since=0):
    now = timezone.now()
    return [
        start(section, by, f"Topic {n}", at=now - timedelta(hours=number - n)) for n in range(since, number)
    ]


class TestHome:
    def test_open_announcements_are_shown_on_noticeboard(self, news, talk, mia, ada, guest):
        open_announcement, closed = start(news, mia, "It stands"), start(news, mia, "It is over")
        Closure.objects.create(topic=closed, closed_by=mia, reason="Over.")
        start(talk, ada, "Talk alone")
        page = guest.get("/").text
        board = page[page.index("noticeboard") : page.index('id="sections"')]
        assert open_announcement.title in board
        assert "It is over" not in board
        assert "Talk alone" not in board
        assert "Talk alone" in page

    def test_highlighted_announcement_comes_first(self, news, mia, guest):
        first = start(news, mia, "The older")
        start(news, mia, "The newer")
        Highlight.objects.create(
            post=first.posts.get(), topic=first, revision=1, excerpt="x", highlighted_by=mia
        )
        page = guest.get("/").text
        assert page.index("The older") < page.index("The newer")
        assert "Highlighted" in page[: page.index("The newer")]

    def test_sections_show_their_newest_topic(self, talk, ada, ben, guest):
        start(talk, ada, "The quiet one")
        reply_to(start(talk, ada, "The busy one"), ben)
        page = guest.get("/").text
        sections = page[page.index('id="sections"') : page.index('id="recent"')]
        assert "The busy one" in sections
        assert "The quiet one" not in sections

    def test_hidden_section_is_left_out(self, talk, ada, mia, guest, sign_in):
        start(talk, ada, "Between members")
        Section.objects.update(read_by=Section.Audience.MEMBERS)
        page = guest.get("/").text
        assert "Between members" not in page
        assert "Talk" not in page
        assert "Between members" in sign_in(ada).get("/").text

    @pytest.mark.slow
    def test_query_count_does_not_grow_with_rows(self, talk, news, ada, mia, guest):
        start(news, mia)
        fill(talk, mia, 1)
        before = count_queries(guest, "/")
        for n in range(6):
            section = Section.objects.create(name=f"S{n}", slug=f"s{n}")
            fill(section, mia, 4)
        assert count_queries(guest, "/") == before <= 4


class TestSection:
    def test_topics_are_sorted_by_newest_reply_after_pinned(self, talk, ada, mia, guest):
        old, new, pinned = fill(talk, mia, 3)
        Pin.objects.create(topic=pinned, pinned_by=mia)
        reply_to(old, mia)
        page = guest.get("/s/talk/").text
        assert page.index("Topic 2") < page.index("Topic 0") < page.index("Topic 1")
        assert "Pinned" in page

    def test_closed_and_highlighted_topics_are_marked(self, topic, original, mia, guest):
        Closure.objects.create(topic=topic, closed_by=mia, reason="r")
        Highlight.objects.create(post=original, topic=topic, revision=1, excerpt="x", highlighted_by=mia)
        page = guest.get("/s/talk/").text
        assert '<span class="state highlighted">Highlighted</span>' in page
        assert 'title="r">Closed</span>' in page

    def test_highlighted_reply_does_not_mark_its_topic(self, topic, bens, mia, guest):
        Highlight.objects.create(post=bens, topic=topic, revision=1, excerpt="x", highlighted_by=mia)
        assert "state highlighted" not in guest.get("/s/talk/").text

    @pytest.mark.slow
    def test_page_shows_thirty_topics(self, talk, mia, guest):
        fill(talk, mia, 31)
        assert guest.get("/s/talk/").text.count("topic-row") == 30
        assert guest.get("/s/talk/?page=2").text.count("topic-row") == 1
        assert guest.get("/s/talk/?page=3").status_code == 404

    @pytest.mark.slow
    def test_pages_show_every_topic_once(self, talk, mia, guest):
        topics = fill(talk, mia, 125)
        Pin.objects.create(topic=topics[7], pinned_by=mia)
        shown = []
        for number in range(1, 6):
            titles = re.findall(r"<bdi>(Topic \d+)</bdi>", guest.get(f"/s/talk/?page={number}").text)
            shown += titles
        assert shown == ["Topic 7", *(f"Topic {n}" for n in reversed(range(125)) if n != 7)]
        assert guest.get("/s/talk/?page=6").status_code == 404

    @pytest.mark.slow
    def test_query_count_does_not_grow_with_rows(self, talk, ada, mia, guest, sign_in):
        fill(talk, mia, 1)
        guest_before, member_before = (
            count_queries(guest, "/s/talk/"),
            count_queries(sign_in(ada), "/s/talk/"),
        )
        fill(talk, mia, 40, since=1)
        assert count_queries(guest, "/s/talk/?page=2") <= guest_before
        assert count_queries(guest, "/s/talk/") == guest_before <= 4
        assert (
            count_queries(sign_in(ada), "/s/talk/") == member_before <= 7
        )  # one of them reads how far each topic is read

    def test_archived_section_is_readable_and_collapsed_on_home_page(self, topic, guest, ada, sign_in):
        Section.objects.update(archived_at=timezone.now())
        page = sign_in(ada).get("/s/talk/").text
        assert "This section is archived" in page
        assert 'data-act="start"' not in page
        home = guest.get("/").text
        assert 'href="/s/talk/">Talk</a></h3>' not in home
        assert 'href="/s/talk/">Talk</a></li>' in home[home.index("Archived sections") :]


class TestMember:
    def test_member_page_shows_about_text_posts_and_post_count(self, topic, ada, guest):
        change_profile(by=ada, about="Casts *bells*.", time_zone="")
        page = guest.get("/u/ada/").text
        assert "<p>Casts <em>bells</em>.</p>" in page
        assert "It takes a minute." in page
        assert '<b class="num">1</b> post</span>' in page

    def test_only_readable_posts_are_shown_and_counted(self, topic, ada, ben, mia, guest, sign_in):
        reply_to(topic, ada, "Gone again")
        Removal.objects.create(post=topic.posts.get(position=3), removed_by=mia, reason="r")
        hidden = Section.objects.create(name="Hidden", slug="hidden", read_by=Section.Audience.STAFF)
        start(hidden, mia, "Moved away")
        assert '<b class="num">1</b>' in guest.get("/u/ada/").text
        assert "Gone again" not in guest.get("/u/ada/").text
        assert '<b class="num">0</b>' in guest.get("/u/mia/").text
        assert '<b class="num">1</b>' in sign_in(mia).get("/u/mia/").text

    @pytest.mark.slow
    def test_older_posts_are_on_the_next_page(self, talk, mia, guest):
        topic = start(talk, mia)
        for n in range(25):
            reply_to(topic, mia, f"Answer {n}.")
        first = guest.get("/u/mia/")
        assert first.text.count('class="excerpt"') == 20
        older = f"/u/mia/?before={first.context['older']}"
        assert guest.get(older).text.count('class="excerpt"') == 6

    @pytest.mark.parametrize(("before", "status"), [("x", 400), ("", 400), ("9" * 30, 400), ("0", 200)])
    def test_before_parameter_must_be_a_number(self, ada, guest, before, status):
        assert guest.get(f"/u/ada/?before={before}").status_code == status

    def test_other_spelling_and_former_name_redirect(self, ada, guest):
        FormerName.objects.create(user=ada, name="Adeline", name_key=name_key("Adeline"))
        assert guest.get("/u/ADA/")["Location"] == "/u/ada/"
        assert guest.get("/u/Adeline/")["Location"] == "/u/ada/"
        assert guest.get("/u/nobody/").status_code == 404

    @pytest.mark.slow
    def test_query_count_does_not_grow_with_rows(self, talk, mia, guest):
        topic = start(talk, mia)
        before = count_queries(guest, "/u/mia/")
        for _ in range(25):
            reply_to(topic, mia)
        assert count_queries(guest, "/u/mia/") == before <= 3
