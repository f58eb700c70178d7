"""What the header counts for staff: open cases, appeals, posts awaiting approval."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from forum.access.errors import PostPendingApproval
from forum.models import PendingPost, Section
from moderation.cases import pending_counts
from moderation.cases.pending_counts import PendingCounts, pending_counts_for
from moderation.reports.report import report_post
from tests.conftest import make_user, reply_to
from tests.support.cases import resolve
from tests.support.new_member_limits import add_watched_word

pytestmark = pytest.mark.django_db


@pytest.fixture
def pending_posts(topic, ben, noor) -> list[PendingPost]:
    add_watched_word("buy", by=noor)
    for number in range(2):
        with pytest.raises(PostPendingApproval):
            reply_to(topic, ben, f"Buy {number}!")
    return list(PendingPost.objects.all())


@pytest.fixture
def reported_cases(topic, ada, ben, cleo, mia):
    Section.objects.update(auto_hide_threshold=0)
    posts = [reply_to(topic, ben, f"Lamp number {number}.") for number in range(3)]
    return [report_post(post=post, by=cleo, reason="spam").case for post in posts]


def test_cases_and_pending_posts_are_counted_in_one_query(
    reported_cases, pending_posts, mia, django_assert_num_queries
):
    with django_assert_num_queries(1):
        assert pending_counts_for(mia) == PendingCounts(cases=3, texts=2)
    resolve(case=reported_cases[0], by=mia, outcome="warned")
    assert pending_counts_for(mia).all == 4


def test_members_and_guests_need_no_query(reported_cases, pending_posts, ada, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert pending_counts_for(ada) == pending_counts_for(AnonymousUser()) == PendingCounts(0, 0)


@pytest.mark.slow
def test_section_moderator_counts_only_own_sections(reported_cases, pending_posts, topic, news):
    for section, expected in ((topic.section, PendingCounts(3, 2)), (news, PendingCounts(0, 0))):
        max = make_user(f"max{section.pk}", "moderator")
        User.objects.filter(pk=max.pk).update(moderates=[section.pk])
        max.refresh_from_db()
        assert pending_counts_for(max) == expected


@pytest.mark.slow
def test_moderator_does_not_count_own_posts(reported_cases, pending_posts, ben):
    User.objects.filter(pk=ben.pk).update(role="moderator")
    ben.refresh_from_db()
    assert pending_counts_for(ben) == PendingCounts(0, 0)


def test_counts_stop_at_the_maximum(reported_cases, pending_posts, mia, monkeypatch):
    monkeypatch.setattr(pending_counts, "COUNTED_MAX", 1)
    assert pending_counts_for(mia) == PendingCounts(1, 1)


@pytest.mark.parametrize("address", ["/", "/t/{topic}/slow-search/", "/moderation/", "/moderation/waiting/"])
def test_header_shows_total_and_tabs_show_their_own_counts(
    reported_cases, pending_posts, topic, mia, ada, sign_in, address
):
    address = address.format(topic=topic.pk)
    page = sign_in(mia).get(address).text
    assert '5<span class="visually-hidden"> to review' in page
    if "moderation" in address:
        assert '3<span class="visually-hidden"> open cases' in page
        assert '2<span class="visually-hidden"> pending posts' in page
    assert "to review" not in sign_in(ada).get(address).text
