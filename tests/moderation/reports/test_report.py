from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import RateCount
from accounts.rate_limiting import rate_counter
from forum.access.errors import NotAllowed
from forum.models import Section
from forum.models.post import PostQuerySet
from forum.posts.edit import edit_post
from moderation.models import Case, Report
from moderation.posts.remove import remove_post
from moderation.reports import report as report_module
from moderation.reports.report import report_post
from tests.conftest import make_user, reply_to
from tests.races.crowd import run_often
from tests.support.cases import resolve
from tests.support.concurrency import disable_locks, only_errors, run_concurrently


def test_report_stores_current_revision_and_opens_case(bens, ben, ada, logged_actions):
    edit_post(post=bens, by=ben, body="Buy my lamps.", version=1)
    report = report_post(post=bens, by=ada, reason="spam", comment="Lamps again.")
    assert (report.reporter, report.reason, report.comment, report.revision) == (
        ada,
        "spam",
        "Lamps again.",
        2,
    )
    assert (report.case.post, report.case.revision, report.case.earlier) == (bens, 2, None)
    assert report.case.is_open
    assert logged_actions() == []


def test_second_report_joins_open_case_with_its_own_revision(bens, ben, ada, cleo):
    first = report_post(post=bens, by=ada, reason="spam")
    edit_post(post=bens, by=ben, body="Buy my lamps.", version=1)
    second = report_post(post=bens, by=cleo, reason="attack")
    assert first.case == second.case
    assert (second.case.revision, second.revision) == (1, 2)


def test_second_report_by_same_member_is_ignored(bens, ada):
    first = report_post(post=bens, by=ada, reason="spam", comment="One.")
    assert report_post(post=bens, by=ada, reason="attack", comment="Two.") == first
    assert Report.objects.get().comment == "One."
    assert RateCount.objects.get(act="report").count == 1


def test_report_after_resolution_opens_case_linked_to_earlier_case(bens, ada, mia):
    first = report_post(post=bens, by=ada, reason="spam").case
    resolve(case=first, by=mia, outcome="no_breach")
    second = report_post(post=bens, by=ada, reason="spam").case
    assert second != first
    assert second.earlier == first


def test_author_guests_and_members_without_access_cannot_report(bens, ben, cleo):
    for person in (ben, AnonymousUser()):
        with pytest.raises(NotAllowed):
            report_post(post=bens, by=person, reason="spam")
    Section.objects.update(read_by=Section.Audience.STAFF)
    with pytest.raises(NotAllowed):
        report_post(post=bens, by=cleo, reason="spam")
    assert not Case.objects.exists()


def test_removed_post_cannot_be_reported(bens, ada, mia):
    remove_post(post=bens, by=mia, reason="Spam.")
    with pytest.raises(NotAllowed):
        report_post(post=bens, by=ada, reason="spam")


@pytest.mark.usefixtures("in_one_slot")
def test_report_over_rate_limit_is_not_saved(topic, ben, ada, monkeypatch):
    monkeypatch.setattr(report_module, "REPORT_LIMIT", rate_counter.Limit("report", 2, 3600))
    posts = [reply_to(topic, ben) for _ in range(3)]
    for post in posts[:2]:
        report_post(post=post, by=ada, reason="spam")
    with pytest.raises(rate_counter.RateLimitExceeded):
        report_post(post=posts[2], by=ada, reason="spam")
    assert Case.objects.count() == Report.objects.count() == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_reports_by_many_members_open_one_case(bens):
    members = [make_user(f"member{number}") for number in range(20)]
    outcomes = run_concurrently(
        *(partial(report_post, post=bens, by=member, reason="spam") for member in members)
    )
    assert only_errors(outcomes) == []
    assert Case.objects.count() == 1
    assert Report.objects.count() == 20


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_control_concurrent_reports_fail_without_lock(bens, monkeypatch):
    members = [make_user(f"member{number}") for number in range(20)]
    disable_locks(monkeypatch, PostQuerySet, people=20)
    outcomes = run_concurrently(
        *(partial(report_post, post=bens, by=member, reason="spam") for member in members)
    )
    assert only_errors(outcomes)
    assert Case.objects.count() == 1  # the constraint backs up the lock


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_reports_by_one_member_store_one_report(bens, ada):
    outcomes = run_concurrently(*(partial(report_post, post=bens, by=ada, reason="spam") for _ in range(20)))
    assert only_errors(outcomes) == []
    assert Report.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@run_often(4, 200)
def test_concurrent_report_never_joins_case_being_resolved(bens, ada, mia, times):
    for number in range(times):
        case = report_post(post=bens, by=ada, reason="spam").case
        late = make_user(f"late{number}")
        outcomes = run_concurrently(
            partial(resolve, case=case, by=mia, outcome="warned"),
            partial(report_post, post=bens, by=late, reason="spam"),
        )
        assert only_errors(outcomes) == []
        report = outcomes[1]
        case.refresh_from_db()
        assert report.case == case or report.case.earlier == case
        assert report.case != case or report.reported_at <= case.resolved_at
        for open_case in Case.objects.open():
            resolve(case=open_case, by=mia, outcome="no_breach")


# --- The page ---


def test_report_page_explains_and_submits_report(sign_in, bens, ada):
    client = sign_in(ada)
    page = client.get(url(bens))
    for words in (
        "Report post",
        "privately",
        "number instead of your name",
        bens.excerpt,
        "data-dialog-content",
    ):
        assert words in page.text
    response = client.post(url(bens), {"reason": "spam", "comment": "Lamps again."})
    assert (response.status_code, response["Location"]) == (302, bens.get_absolute_url())
    assert Report.objects.get().comment == "Lamps again."


def test_report_page_says_that_post_was_already_reported(sign_in, bens, ada):
    report_post(post=bens, by=ada, reason="spam", comment="One.")
    client = sign_in(ada)
    page = client.get(url(bens))
    assert "You reported this post." in page.text
    response = client.post(url(bens), {"reason": "attack", "comment": "Two."}, follow=True)
    assert "You already reported this post." in response.text
    assert Report.objects.get().comment == "One."


@pytest.mark.parametrize(
    ("fields", "wrong_field"),
    [
        ({}, "reason"),
        ({"reason": "dislike"}, "reason"),
        ({"reason": "other"}, "comment"),
        ({"reason": "spam", "comment": "x" * 2001}, "comment"),
        ({"reason": "spam", "comment": "a\0b"}, "comment"),
    ],
)
def test_invalid_report_form_shows_field_error(sign_in, bens, ada, fields, wrong_field):
    response = sign_in(ada).post(url(bens), fields)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [wrong_field])
    assert not Report.objects.exists()


def test_comment_limit_counts_crlf_as_one_character(sign_in, bens, ada):
    sign_in(ada).post(url(bens), {"reason": "spam", "comment": "a\r\n" * 999 + "zz"})
    assert len(Report.objects.get().comment) == 2000


def test_guest_must_sign_in_to_report_and_comment_is_preserved(guest, bens):
    assert guest.get(url(bens))["Location"].startswith("/account/login/")
    response = guest.post(url(bens), {"reason": "spam", "comment": "Lamps again."})
    assert response.status_code == 403
    assert "Lamps again." in response.text
    assert not Report.objects.exists()


def test_report_page_rejects_author_and_removed_post(sign_in, bens, ben, cleo, mia):
    for send in (sign_in(ben).get, sign_in(ben).post):
        assert send(url(bens), {"reason": "spam"}).status_code == 403
    remove_post(post=bens, by=mia, reason="Spam.")
    assert sign_in(cleo).post(url(bens), {"reason": "spam"}).status_code == 404
    assert not Report.objects.exists()


def test_rate_limited_report_gets_429_and_preserves_comment(sign_in, bens, ada, monkeypatch):
    monkeypatch.setattr(report_module, "REPORT_LIMIT", rate_counter.Limit("report", 0, 3600))
    response = sign_in(ada).post(url(bens), {"reason": "spam", "comment": "Lamps again."})
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert "Lamps again." in response.text


def url(post) -> str:
    return f"/p/{post.pk}/report/"
