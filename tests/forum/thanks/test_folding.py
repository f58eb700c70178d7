"""Thanks-only replies: collapsed in their place, not unread for anybody, expanded again on request."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import roles
from accounts.models import LogEntry, User
from config.backup.check_counters import faults
from forum.access import permissions
from forum.access.errors import NotAllowed
from forum.models import AlwaysShown, Post, Topic
from forum.posts.edit import edit_post
from forum.read_state import unread
from forum.read_state.unread_topics import unread_counts, unread_topics
from forum.thanks import folding
from moderation.log.undo import undo_entry
from moderation.posts.highlight import highlight_post, unhighlight_post
from moderation.posts.remove import remove_post, restore_post
from moderation.topics.merge import merge_topic
from moderation.topics.split import split_posts
from tests.conftest import offers, reply_to, start
from tests.support.reading import read

pytestmark = pytest.mark.django_db

COLLAPSED_GROUP = re.compile(r'<details class="thanks">.*?</details>', re.DOTALL)


@pytest.fixture(autouse=True)
def established_members(ada, ben, cleo, mia, noor, no_rate_limits):
    """Members who joined before anything was written and have no posting limits."""


@pytest.fixture(autouse=True)
def counters_stay_correct(established_members):
    yield
    assert faults() == []


def collapsed_groups(html: str) -> list[list[int]]:
    """Returns the positions in each collapsed group of a page."""
    return [
        [int(n) for n in re.findall(r'data-position="(\d+)"', fold)] for fold in COLLAPSED_GROUP.findall(html)
    ]


def is_unread(member, topic) -> bool:
    member.refresh_from_db()
    listed = unread_topics(member).filter(pk=topic.pk).exists()
    assert listed is bool(unread_counts(member).topics)
    return listed


def newest_unread_position(topic) -> int:
    topic.refresh_from_db()
    return topic.unread_position


class TestTopicPage:
    def test_consecutive_thanks_are_collapsed_into_one_group(self, topic, ada, ben, cleo, guest):
        thanks = [reply_to(topic, by, "Thank you!") for by in (ben, cleo, ben)]
        reply_to(topic, ada, "You are welcome. It is the index.")
        reply_to(topic, cleo, "Thanks Ada!")
        page = read(guest, topic)
        assert collapsed_groups(page) == [[3, 4, 5], [7]]
        assert '<b class="num">3</b> short thank-yous ·</span>' in page
        assert '<span class="from">from <bdi>ben and cleo</bdi></span>' in page
        positions = [int(n) for n in re.findall(r'data-position="(\d+)"', page)]
        assert positions == [1, 2, 3, 4, 5, 6, 7]
        assert re.search(rf'<article class="post" id="p{thanks[0].pk}"\s+data-position="3"', page)
        assert "Why is this collapsed?" in page

    def test_newest_anchor_precedes_collapsed_group(self, topic, cleo, guest):
        reply_to(topic, cleo, "Thank you!")
        page = read(guest, topic)
        assert page.count('id="newest"') == 1
        assert (
            page.index('data-position="2"')
            < page.index('id="newest"')
            < page.index('<details class="thanks">')
        )

    def test_permalink_points_to_collapsed_post(self, topic, cleo, guest):
        post = reply_to(topic, cleo, "Thank you!")
        assert guest.get(f"/p/{post.pk}/")["Location"] == f"{topic.get_absolute_url()}#p{post.pk}"

    def test_each_page_has_its_own_collapsed_group(self, talk, ada, cleo, guest):
        topic = start(talk, ada)
        for _ in range(24):
            reply_to(topic, cleo, "Thank you!")
        assert collapsed_groups(read(guest, topic)) == [list(range(2, 21))]
        assert collapsed_groups(read(guest, topic, 2)) == [list(range(21, 26))]

    def test_all_readers_see_the_same_collapsed_group(self, topic, ada, cleo, mia, guest, sign_in):
        reply_to(topic, cleo, "Thank you!")
        for client in (guest, sign_in(ada), sign_in(cleo), sign_in(mia)):
            assert collapsed_groups(read(client, topic)) == [[3]]


class TestNeverCollapsed:
    def test_original_post_stays_expanded(self, talk, ada, guest):
        assert collapsed_groups(read(guest, start(talk, ada, "Thanks", "Thank you all!"))) == []

    def test_staff_reply_stays_expanded(self, topic, mia, guest):
        assert not reply_to(topic, mia, "Thank you!").folds
        assert collapsed_groups(read(guest, topic)) == []

    def test_reply_of_new_moderator_stays_expanded(self, topic, cleo, noor, guest):
        reply_to(topic, cleo, "Thank you!")
        roles.change_role(member=cleo, role="moderator", by=noor)
        assert collapsed_groups(read(guest, topic)) == []

    def test_highlighted_post_stays_expanded_until_unhighlighted(self, topic, cleo, mia, guest):
        post = reply_to(topic, cleo, "Thank you!")
        highlight_post(post=post, by=mia)
        assert (collapsed_groups(read(guest, topic)), newest_unread_position(topic)) == ([], 3)
        unhighlight_post(post=post, by=mia)
        assert (collapsed_groups(read(guest, topic)), newest_unread_position(topic)) == ([[3]], 2)

    def test_removed_post_is_a_stub_until_restored(self, topic, cleo, mia, guest):
        post = reply_to(topic, cleo, "Thank you!")
        remove_post(post=post, by=mia, reason="Twice.")
        page = read(guest, topic)
        assert collapsed_groups(page) == []
        assert f'<article class="post tombstone" id="p{post.pk}"' in page
        restore_post(post=post, by=mia)
        assert (collapsed_groups(read(guest, topic)), newest_unread_position(topic)) == ([[3]], 2)

    def test_split_off_post_stays_expanded_until_undone(self, topic, cleo, mia, guest):
        post = reply_to(topic, cleo, "Thank you!")
        new = split_posts(topic=topic, posts=[post.pk], section=topic.section, title="New", by=mia)
        assert collapsed_groups(read(guest, new)) == []
        undo_entry(entry=LogEntry.objects.latest("pk"), by=mia)
        assert (collapsed_groups(read(guest, topic)), newest_unread_position(topic)) == ([[3]], 2)

    def test_original_post_stays_expanded_until_merged_as_reply(self, topic, talk, cleo, mia, guest):
        thanks = start(talk, cleo, "Thanks", "Thank you all!")
        merge_topic(topic=thanks, into=topic, by=mia)
        assert (collapsed_groups(read(guest, topic)), newest_unread_position(topic)) == ([[3]], 2)
        undo_entry(entry=LogEntry.objects.latest("pk"), by=mia)
        assert (collapsed_groups(read(guest, thanks)), newest_unread_position(thanks)) == ([], 1)
        assert not thanks.posts.get().folds

    def test_text_with_more_than_thanks_stays_expanded(self, topic, cleo):
        assert not reply_to(topic, cleo, "Thanks! When will it be back?").folds


class TestAlwaysShow:
    def test_author_can_always_show_post_without_log_entry(self, topic, cleo, sign_in):
        post = reply_to(topic, cleo, "Thank you!")
        client = sign_in(cleo)
        assert offers(client.get(topic.get_absolute_url()), "unfold")
        assert client.post(f"/p/{post.pk}/unfold/")["Location"] == post.get_absolute_url()
        assert (collapsed_groups(read(client, topic)), newest_unread_position(topic)) == ([], 3)
        assert AlwaysShown.objects.get().unfolded_by == cleo
        edit_post(post=post, by=cleo, body="Thank you all!", version=1)
        assert collapsed_groups(read(client, topic)) == []
        assert not LogEntry.objects.exists()

    def test_moderator_action_is_logged_once(self, topic, cleo, mia, sign_in):
        post = reply_to(topic, cleo, "Thank you!")
        client = sign_in(mia)
        for _ in range(2):
            assert client.post(f"/p/{post.pk}/unfold/").status_code == 302
        assert AlwaysShown.objects.count() == LogEntry.objects.filter(act="unfold").count() == 1
        assert "to always show" in client.get("/moderation/log/").text

    def test_other_members_and_guests_are_rejected(self, topic, ada, cleo, guest, sign_in):
        post = reply_to(topic, cleo, "Thank you!")
        assert not offers(sign_in(ada).get(topic.get_absolute_url()), "unfold")
        assert sign_in(ada).post(f"/p/{post.pk}/unfold/").status_code == 403
        assert guest.post(f"/p/{post.pk}/unfold/").status_code == 403
        with pytest.raises(NotAllowed):
            folding.always_show(post=post, by=ada)
        assert not permissions.can_always_show(ada, post)

    def test_only_staff_of_the_section_can_undo_it(self, topic, news, cleo, mia):
        post = reply_to(topic, cleo, "Thank you!")
        folding.always_show(post=post, by=cleo)
        User.objects.filter(pk=cleo.pk).update(role="moderator", moderates=[news.pk])
        with pytest.raises(NotAllowed):
            folding.undo_always_show(post=post, by=User.objects.get(pk=cleo.pk))
        assert folding.undo_always_show(post=post, by=mia)
        assert not AlwaysShown.objects.exists()

    def test_edit_reevaluates_whether_post_is_collapsed(self, topic, ben, cleo, guest):
        post = reply_to(topic, cleo, "Thank you!")
        post = edit_post(post=post, by=cleo, body="Thank you! Does it work for Ben?", version=1)
        assert (collapsed_groups(read(guest, topic)), newest_unread_position(topic)) == ([], 3)
        edit_post(post=post, by=cleo, body="Thank you, Ben!", version=2)
        assert (collapsed_groups(read(guest, topic)), newest_unread_position(topic)) == ([[3]], 2)


class TestUnread:
    def test_collapsed_thanks_do_not_make_topic_unread(self, topic, ben, cleo, sign_in):
        client = sign_in(cleo)
        read(client, topic)
        post = reply_to(topic, ben, "Thank you!")
        assert not is_unread(cleo, topic)
        for address in ("/", "/s/talk/", "/unread/"):
            assert "New: " not in client.get(address).text
        page = read(client, topic)
        assert "unread-line" not in page
        assert 'class="new"' not in page
        folding.always_show(post=post, by=ben)
        assert not is_unread(cleo, topic)  # they have been shown it by now

    def test_reply_with_more_than_thanks_makes_topic_unread(self, topic, ben, cleo, sign_in):
        read(sign_in(cleo), topic)
        reply_to(topic, ben, "Thank you! But it is slow again.")
        assert is_unread(cleo, topic)

    def test_always_shown_thanks_make_topic_unread(self, topic, ben, cleo, sign_in):
        read(sign_in(cleo), topic)
        folding.always_show(post=reply_to(topic, ben, "Thank you!"), by=ben)
        assert is_unread(cleo, topic)

    @pytest.mark.slow
    def test_unread_line_and_count_skip_collapsed_thanks(self, topic, ada, ben, cleo, sign_in):
        client = sign_in(cleo)
        read(client, topic)
        for body in ("Thank you!", "Thanks!"):
            reply_to(topic, ben, body)
        news_post = reply_to(topic, ada, "It is the index.")
        reply_to(topic, ben, "Thanks Ada!")
        assert '<b class="num">1</b> new post</a>' in client.get("/").text
        assert client.get(f"/t/{topic.pk}/x/unread/")["Location"].endswith(f"#p{news_post.pk}")
        page = read(client, topic)
        assert page.index('data-position="4"') < page.index('id="new"') < page.index(f'id="p{news_post.pk}"')
        assert 'href="#new"><b class="num">1</b> new post</a>' in page
        assert "unread-line" not in COLLAPSED_GROUP.search(page).group()

    def test_collapsed_thanks_are_not_counted_for_first_time_reader(self, topic, ben, cleo, sign_in):
        reply_to(topic, ben, "Thank you!")
        assert '<b class="num">2</b> new posts</a>' in sign_in(cleo).get("/").text

    def test_number_is_omitted_for_too_many_collapsed_thanks(self, topic, ben, cleo, sign_in, monkeypatch):
        monkeypatch.setattr(unread, "THANKS_COUNTED", 1)
        client = sign_in(cleo)
        read(client, topic)
        for body in ("Thank you!", "Thanks!", "It is the index."):
            reply_to(topic, ben, body)
        assert 'unread/">New posts</a>' in client.get("/").text

    def test_removing_last_unread_post_makes_topic_read(self, topic, ben, cleo, mia, sign_in):
        read(sign_in(cleo), topic)
        reply_to(topic, ben, "Thank you!")
        post = reply_to(topic, ben, "It is slow again.")
        reply_to(topic, ben, "Thanks!")
        assert is_unread(cleo, topic)
        remove_post(post=post, by=mia, reason="Spam.")
        assert not is_unread(cleo, topic)
        assert newest_unread_position(topic) == 2


def test_thanks_only_reply_costs_no_extra_statement(topic, cleo):
    reply_to(topic, cleo, "The first of a member marks where they have read.")
    costs = []
    for body in ("It is the index.", "Thank you!"):
        with CaptureQueriesContext(connection) as captured:
            reply_to(topic, cleo, body)
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_counter_check_finds_wrong_unread_position(topic, cleo):
    post = reply_to(topic, cleo, "Thank you!")
    Topic.objects.filter(pk=topic.pk).update(unread_position=3, unread_at=post.posted_at)
    assert any("newest unread position" in fault for fault in faults())
    Topic.objects.filter(pk=topic.pk).update(**folding.newest_unread_columns(Topic.objects.get(pk=topic.pk)))
    assert Post.objects.filter(folds=True).count() == 1
