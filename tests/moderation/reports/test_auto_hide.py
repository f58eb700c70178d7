"""A post that enough members report is auto-hidden until staff have reviewed it."""

from contextlib import suppress
from functools import partial

import pytest

from accounts.models import LogEntry
from forum.access.errors import NotAllowed
from forum.models import Post, Removal, Section
from forum.models.post import PostQuerySet
from forum.models.topic import TopicQuerySet
from forum.posts.edit import edit_post
from moderation.models import Case, Report
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post, restore_post
from moderation.reports.auto_hide import must_hide
from moderation.reports.report import report_post
from notifications.models import Notification
from tests.conftest import browser_of, make_user, reply_to
from tests.support.cases import established_members, resolve
from tests.support.concurrency import disable_locks, only_errors, run_concurrently


@pytest.fixture
def members(db):
    """Twenty members whose reports weigh 1."""
    return established_members(20)


def report(post, members) -> Case:
    return [report_post(post=post, by=member, reason="spam") for member in members][-1].case


def test_three_reports_hide_a_post_and_two_do_not(bens, members):
    report(bens, members[:2])
    assert not Removal.objects.exists()
    case = report(bens, members[2:3])
    removal = Removal.objects.get(post=bens)
    assert (removal.kind, removal.removed_by) == ("held", None)
    case.refresh_from_db()
    assert case.auto_hidden_at
    assert list(case.events.values_list("kind", flat=True)) == ["held"]
    assert not LogEntry.objects.exists()


@pytest.mark.slow
def test_auto_hidden_post_is_hidden_like_a_removed_post(topic, bens, members, ben, ada, cleo):
    before = Post.objects.visible_to(cleo).count()
    topic.refresh_from_db()
    answers = topic.reply_count
    report(bens, members[:3])
    topic.refresh_from_db()
    assert topic.reply_count == answers - 1
    assert Post.objects.visible_to(cleo).count() == before - 1
    page = browser_of(cleo).get(topic.get_absolute_url()).text
    assert "is hidden until staff have reviewed it" in page
    assert bens.body not in page
    assert bens.body in browser_of(ben).get(topic.get_absolute_url()).text
    assert bens.body not in browser_of(None).get(topic.get_absolute_url()).text


@pytest.mark.slow
def test_author_is_notified_of_auto_hide_without_mention_of_reports(bens, members, ben):
    report(bens, members[:3])
    notice = Notification.objects.get(member=ben)
    assert "is hidden until moderators have reviewed it" in notice.text
    assert "report" not in notice.text


@pytest.mark.slow
def test_author_cannot_edit_restore_or_delete_auto_hidden_post(bens, members, ben):
    report(bens, members[:3])
    for act in (
        partial(restore_post, post=bens, by=ben),
        partial(remove_post, post=bens, by=ben),
        partial(edit_post, post=bens, by=ben, body="No lamps.", version=1),
    ):
        with suppress(NotAllowed):
            act()
        assert Removal.objects.get(post=bens).kind == "held"
    bens.refresh_from_db()
    assert bens.version == 1


@pytest.mark.slow
def test_no_violation_restores_auto_hidden_post_and_notifies_author(topic, bens, members, ben, mia):
    case = report(bens, members[:3])
    resolve(case=case, by=mia, outcome="no_breach")
    assert not Removal.objects.exists()
    assert "It doesn’t break the rules." in Notification.objects.filter(member=ben).last().text


@pytest.mark.slow
def test_removed_outcome_turns_auto_hide_into_removal(bens, members, mia):
    case = report(bens, members[:3])
    resolve(case=case, by=mia, outcome="removed", reason="Spam.")
    removal = Removal.objects.get(post=bens)
    assert (removal.kind, removal.removed_by, removal.reason) == ("removed", mia, "Spam.")


@pytest.mark.slow
def test_staff_can_remove_auto_hidden_post_from_its_remove_page(bens, members, mia):
    report(bens, members[:3])
    page = browser_of(mia).post(f"/p/{bens.pk}/remove/", {"reason": "Spam."}, follow=True).text
    assert "The post was removed." in page
    removal = Removal.objects.get(post=bens)
    assert (removal.kind, removal.removed_by, removal.reason) == ("removed", mia, "Spam.")


@pytest.mark.slow
def test_remove_page_ignores_author_of_auto_hidden_post(bens, members, ben):
    report(bens, members[:3])
    assert browser_of(ben).post(f"/p/{bens.pk}/remove/").status_code == 302
    assert Removal.objects.get(post=bens).kind == "held"


@pytest.mark.slow
def test_post_restored_by_staff_is_not_auto_hidden_again(bens, members, mia):
    report(bens, members[:3])
    restore_post(post=bens, by=mia)
    report(bens, members[3:9])
    assert not Removal.objects.exists()


@pytest.mark.slow
def test_post_without_violation_is_auto_hidden_again_only_after_edit(bens, members, ben, mia):
    resolve(case=report(bens, members[:3]), by=mia, outcome="no_breach")
    report(bens, members[:8])
    assert not Removal.objects.exists()
    resolve(case=Case.objects.open().get(), by=mia, outcome="no_breach")
    edit_post(post=bens, by=ben, body="Lamps!", version=1)
    report(bens, members[9:12])
    assert Removal.objects.exists()


@pytest.mark.slow
def test_staff_posts_and_highlighted_posts_are_never_auto_hidden(topic, bens, members, mia):
    report(reply_to(topic, mia), members[:9])
    highlight_post(post=bens, by=mia)
    report(bens, members[:9])
    assert not Removal.objects.exists()


@pytest.mark.parametrize(
    ("threshold", "reports", "is_hidden"), [(0, 9, False), (1, 1, True), (5, 4, False), (5, 5, True)]
)
def test_section_sets_report_weight_needed_for_auto_hide(bens, members, threshold, reports, is_hidden):
    Section.objects.update(auto_hide_threshold=threshold)
    report(bens, members[:reports])
    assert Removal.objects.exists() is is_hidden


@pytest.mark.slow
def test_single_reporter_of_high_weight_does_not_trigger_auto_hide(topic, bens, members, ada, ben, mia):
    for _ in range(8):  # each was upheld
        case = report_post(post=reply_to(topic, ben), by=members[0], reason="spam").case
        resolve(case=case, by=mia, outcome="warned")
    assert report_post(post=bens, by=members[0], reason="spam").weight == 3
    assert not Removal.objects.exists()
    report_post(post=bens, by=members[1], reason="spam")
    assert Removal.objects.exists()


@pytest.mark.slow
def test_reports_by_new_members_weigh_half(bens):
    new = [make_user(f"new{number}") for number in range(6)]
    report(bens, new[:5])
    assert not Removal.objects.exists()
    report(bens, new[5:])
    assert Removal.objects.exists()


@pytest.mark.slow
def test_auto_hidden_post_can_still_be_reported(bens, members):
    report(bens, members[:3])
    case = report(bens, members[3:4])
    assert case.reports.count() == 4
    client = browser_of(members[4])
    page = client.get(f"/p/{bens.pk}/report/")
    assert page.status_code == 200
    assert bens.excerpt not in page.text
    client.post(f"/p/{bens.pk}/report/", {"reason": "spam", "version": "1"})
    assert case.reports.count() == 5


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_reports_auto_hide_post_once(bens, members, topic):
    outcomes = run_concurrently(
        *(partial(report_post, post=bens, by=member, reason="spam") for member in members)
    )
    assert only_errors(outcomes) == []
    assert Report.objects.count() == 20
    assert sorted(Report.objects.values_list("number", flat=True)) == list(range(1, 21))
    assert Removal.objects.count() == 1
    assert Case.objects.get().events.filter(kind="held").count() == 1
    assert Notification.objects.count() == 1
    topic.refresh_from_db()
    assert topic.reply_count == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_control_concurrent_reports_fail_without_locks(bens, members, monkeypatch):
    report(bens, members[:1])
    Section.objects.update(auto_hide_threshold=2)
    disable_locks(monkeypatch, PostQuerySet, people=2)
    monkeypatch.setattr(TopicQuerySet, "locked", lambda self, pk: self.with_closure().get(pk=pk))
    outcomes = run_concurrently(
        *(partial(report_post, post=bens, by=member, reason="spam") for member in members[1:3])
    )
    assert only_errors(outcomes)


def test_auto_hide_locks_topic_before_post(bens, members, monkeypatch, django_assert_max_num_queries):
    """The order of locks: a member who replies in the topic at the same time never causes a deadlock."""
    order = []
    for rows, name in ((TopicQuerySet, "topic"), (PostQuerySet, "post")):
        read = rows.locked
        monkeypatch.setattr(
            rows, "locked", lambda self, pk, read=read, name=name: order.append(name) or read(self, pk)
        )
    report(bens, members[:2])
    assert order == ["post", "post"]
    order.clear()
    report(bens, members[2:3])
    assert order == ["post", "topic", "post"]
    assert must_hide(Case.objects.get(), bens) is False
