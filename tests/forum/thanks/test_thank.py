"""Thanks: one per member and post, undone by another click, shown to all."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import LogEntry
from accounts.profile import rename as profile_rename
from accounts.rate_limiting import rate_counter
from config.backup.check_counters import faults
from forum.access import permissions
from forum.access.errors import NotAllowed
from forum.models import Post, Section, Thanks, Topic
from forum.posts.edit import edit_post
from forum.thanks import thank as thank_module, thank as thanks_thank
from forum.thanks.thank import NAMES_SHOWN, thank_post, undo_thanks
from moderation.posts.remove import remove_post, restore_post
from moderation.topics.close import close_topic
from tests.conftest import make_user, offers, reply_to

pytestmark = pytest.mark.django_db


def read(client, topic) -> str:
    return client.get(topic.get_absolute_url()).text


def thanked(post) -> tuple[int, int]:
    """Returns the stored count, and the number of rows."""
    post.refresh_from_db()
    return post.thanked, Thanks.objects.filter(post=post).count()


class TestThank:
    def test_thanking_shows_name_and_undo_button(self, topic, bens, cleo, sign_in):
        client = sign_in(cleo)
        page = client.get(topic.get_absolute_url())
        assert offers(page, "thank")
        response = client.post(f"/p/{bens.pk}/thank/")
        assert response["Location"] == bens.actions_url
        assert thanked(bens) == (1, 1)
        page = read(client, topic)
        assert 'Thanked by <a href="/u/cleo/"><bdi>cleo' in page
        assert f'action="/p/{bens.pk}/unthank/"' in page
        assert f'action="/p/{bens.pk}/thank/"' not in page

    def test_undoing_thanks_removes_name(self, topic, bens, cleo, sign_in):
        client = sign_in(cleo)
        client.post(f"/p/{bens.pk}/thank/")
        assert client.post(f"/p/{bens.pk}/unthank/").status_code == 302
        assert thanked(bens) == (0, 0)
        page = read(client, topic)
        assert f'action="/p/{bens.pk}/thank/"' in page
        assert "who-thanks" not in page

    def test_repeated_thanks_and_undo_count_once(self, bens, cleo):
        version = Topic.objects.get().version
        assert [thank_post(post=bens, by=cleo) for _ in range(3)] == [True, False, False]
        assert Topic.objects.get().version == version + 1
        assert [undo_thanks(post=bens, by=cleo) for _ in range(3)] == [True, False, False]
        assert Topic.objects.get().version == version + 2
        assert thanked(bens) == (0, 0)

    def test_thanks_store_revision_and_show_later_changes(self, topic, bens, ben, cleo, mia, sign_in):
        thank_post(post=bens, by=cleo)
        assert "Changed since you thanked" not in read(sign_in(cleo), topic)
        edit_post(post=bens, by=ben, body="Not here.", version=1)
        edit_post(post=bens, by=ben, body="Not here either.", version=2)
        thank_post(post=bens, by=mia)
        page = read(sign_in(cleo), topic)
        assert f'Changed since you thanked <a href="/p/{bens.pk}/history/?from=1&amp;to=3">' in " ".join(
            page.split()
        )
        assert "Changed since" not in read(sign_in(mia), topic)
        assert "Changed since" not in read(sign_in(None), topic)

    def test_thanks_are_not_logged(self, bens, mia):
        thank_post(post=bens, by=mia)
        undo_thanks(post=bens, by=mia)
        assert not LogEntry.objects.exists()

    def test_post_in_closed_topic_can_be_thanked(self, topic, bens, cleo, mia):
        close_topic(topic=topic, by=mia, reason="Solved.")
        assert thank_post(post=bens, by=cleo)


class TestPermissions:
    def test_own_post_cannot_be_thanked(self, topic, bens, ben, sign_in):
        client = sign_in(ben)
        assert client.post(f"/p/{bens.pk}/thank/").status_code == 403
        assert f"/p/{bens.pk}/thank/" not in read(client, topic)

    def test_removed_post_cannot_be_thanked(self, bens, cleo, mia, sign_in):
        remove_post(post=bens, by=mia, reason="Spam.")
        assert sign_in(cleo).post(f"/p/{bens.pk}/thank/").status_code == 404
        assert sign_in(mia).post(f"/p/{bens.pk}/thank/").status_code == 403

    def test_post_in_hidden_section_cannot_be_thanked(self, bens, cleo, sign_in):
        Section.objects.update(read_by=Section.Audience.STAFF)
        assert sign_in(cleo).post(f"/p/{bens.pk}/thank/").status_code == 404
        with pytest.raises(NotAllowed):
            thank_post(post=bens, by=cleo)

    def test_post_in_archived_section_cannot_be_thanked(self, bens, cleo):
        Section.objects.update(archived_at="2026-01-01T00:00Z")
        with pytest.raises(NotAllowed):
            thank_post(post=bens, by=cleo)

    def test_inactive_member_cannot_thank(self, bens, cleo):
        cleo.is_active = False
        with pytest.raises(NotAllowed):
            thank_post(post=bens, by=cleo)

    def test_guests_are_asked_to_sign_in(self, bens, guest):
        response = guest.post(f"/p/{bens.pk}/thank/")
        assert response.status_code == 403
        assert "Please sign in" in response.text
        assert thanked(bens) == (0, 0)

    @pytest.mark.usefixtures("in_one_slot")
    def test_rate_limit_rejects_thanks(self, topic, bens, cleo, monkeypatch, sign_in):
        monkeypatch.setattr(thank_module, "THANK_LIMIT", rate_counter.Limit("thank", 1, 3600))
        client = sign_in(cleo)
        assert client.post(f"/p/{bens.pk}/thank/").status_code == 302
        original = topic.posts.get(position=1)
        limited_response = client.post(f"/p/{original.pk}/thank/")
        assert (limited_response.status_code, thanked(original)) == (429, (0, 0))
        assert "Retry-After" in limited_response

    def test_can_thank_is_true_for_members_except_the_author(self, topic, bens, original, ada, ben, mia):
        for person in (AnonymousUser(), ada, ben, mia):
            for post in (bens, original):
                wrote = post.author_id == person.pk
                assert permissions.can_thank(person, post) is (person.is_authenticated and not wrote)


class TestThankedBy:
    @pytest.mark.parametrize(
        ("people", "words"),
        [
            (1, 'Thanked by <a href="/u/m0/"><bdi>m0'),
            (3, "Thanked by m0, m1 and 1 more"),
            (14, "Thanked by m0, m1 and 12 more"),
        ],
    )
    def test_names_and_number_are_shown(self, topic, bens, people, words, guest):
        for number in range(people):
            thank_post(post=bens, by=make_user(f"m{number}"))
        assert words in read(guest, topic)

    def test_two_members_are_both_named(self, topic, bens, ada, cleo, guest):
        for by in (ada, cleo):
            thank_post(post=bens, by=by)
        page = " ".join(read(guest, topic).split())
        assert '<bdi>ada</bdi></a> and <a href="/u/cleo/"><bdi>cleo</bdi></a></p>' in page

    def test_first_fifty_members_are_named(self, topic, bens, guest):
        members = [make_user(f"m{number}") for number in range(NAMES_SHOWN + 7)]
        Thanks.objects.bulk_create(Thanks(post=bens, member=member, revision=1) for member in members)
        Post.objects.filter(pk=bens.pk).update(thanked=NAMES_SHOWN + 7)
        page = read(guest, topic)
        assert page.count('<a href="/u/m') == NAMES_SHOWN
        assert "and 7 more</span>" in page

    def test_new_name_is_shown_at_once(self, topic, bens, cleo, guest):
        thank_post(post=bens, by=cleo)
        assert "cleo" in read(guest, topic)
        profile_rename.rename(by=cleo, name="cleopatra")
        assert ">cleopatra</bdi></a>" in read(guest, topic)

    def test_thanks_are_hidden_while_post_is_removed(self, topic, bens, cleo, mia, guest):
        thank_post(post=bens, by=cleo)
        remove_post(post=bens, by=mia, reason="Spam.")
        assert "cleo" not in read(guest, topic)
        restore_post(post=bens, by=mia)
        assert 'Thanked by <a href="/u/cleo/"><bdi>cleo' in read(guest, topic)


def count_queries(client, topic) -> int:
    client.get(topic.get_absolute_url())
    with CaptureQueriesContext(connection) as captured:
        client.get(topic.get_absolute_url())
    return len(captured)


@pytest.mark.slow
def test_own_thanks_cost_one_query_only_on_pages_with_thanks(
    topic, bens, ada, cleo, mia, sign_in, no_rate_limits
):
    client = sign_in(cleo)
    without = count_queries(client, topic)
    thank_post(post=bens, by=mia)
    assert count_queries(client, topic) == without + 1
    for number in range(18):
        thank_post(post=reply_to(topic, ada, f"Number {number}"), by=mia)
    assert count_queries(client, topic) == without + 1 <= 6


def test_thanked_names_cost_one_query_for_all_posts(
    topic, bens, original, ada, ben, cleo, mia, django_assert_num_queries
):
    posts = [bens, original, *(reply_to(topic, ada, f"N {n}") for n in range(9))]
    for post in posts:
        for by in (cleo, mia):
            thank_post(post=post, by=by)
    posts = list(Post.objects.with_details().filter(pk__in=[post.pk for post in posts]))
    with django_assert_num_queries(1):
        members = thanks_thank.thanked_by(posts)
    assert len(members) == 11
    assert [member.name for member in members[bens.pk]] == ["cleo", "mia"]


def test_counter_check_finds_wrong_number_of_thanks(bens, cleo):
    thank_post(post=bens, by=cleo)
    assert faults() == []
    Post.objects.filter(pk=bens.pk).update(thanked=5)
    assert any("number of thanks" in fault for fault in faults())
