from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import RateCount
from accounts.rate_limiting import limits as rate_limits
from forum.access.errors import NotAllowed
from forum.models import Section
from forum.models.post import PostQuerySet
from forum.posts.edit import edit_post
from moderation.models import Case, Report
from moderation.posts.remove import remove_post
from moderation.reports.report import report_post
from tests.conftest import make_user, reply_to
from tests.races.crowd import run_often
from tests.support.cases import settle
from tests.support.racing import at_once, only_errors, take_the_locks_out


def test_a_member_reports_what_the_post_says_now(bens, ben, ada, acts_logged):
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
    assert acts_logged() == []


def test_reports_on_a_post_join_its_open_case_each_with_its_revision(bens, ben, ada, cleo):
    first = report_post(post=bens, by=ada, reason="spam")
    edit_post(post=bens, by=ben, body="Buy my lamps.", version=1)
    second = report_post(post=bens, by=cleo, reason="attack")
    assert first.case == second.case
    assert (second.case.revision, second.revision) == (1, 2)


def test_a_second_report_by_the_same_member_changes_nothing(bens, ada):
    first = report_post(post=bens, by=ada, reason="spam", comment="One.")
    assert report_post(post=bens, by=ada, reason="attack", comment="Two.") == first
    assert Report.objects.get().comment == "One."
    assert RateCount.objects.get(act="report").count == 1


def test_a_report_after_the_settlement_opens_a_case_that_names_the_earlier(bens, ada, mia):
    first = report_post(post=bens, by=ada, reason="spam").case
    settle(case=first, by=mia, outcome="no_breach")
    second = report_post(post=bens, by=ada, reason="spam").case
    assert second != first
    assert second.earlier == first


def test_who_may_not(bens, ben, cleo):
    for person in (ben, AnonymousUser()):
        with pytest.raises(NotAllowed):
            report_post(post=bens, by=person, reason="spam")
    Section.objects.update(read_by=Section.Audience.STAFF)
    with pytest.raises(NotAllowed):
        report_post(post=bens, by=cleo, reason="spam")
    assert not Case.objects.exists()


def test_a_removed_post_is_not_reported(bens, ada, mia):
    remove_post(post=bens, by=mia, reason="Spam.")
    with pytest.raises(NotAllowed):
        report_post(post=bens, by=ada, reason="spam")


@pytest.mark.usefixtures("in_one_slot")
def test_one_too_many_in_an_hour_writes_nothing(topic, ben, ada, monkeypatch):
    monkeypatch.setattr(rate_limits, "REPORTS", rate_limits.Limit("report", 2, 3600))
    posts = [reply_to(topic, ben) for _ in range(3)]
    for post in posts[:2]:
        report_post(post=post, by=ada, reason="spam")
    with pytest.raises(rate_limits.RateLimitExceeded):
        report_post(post=posts[2], by=ada, reason="spam")
    assert Case.objects.count() == Report.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_twenty_members_at_once_make_one_case(bens):
    members = [make_user(f"member{number}") for number in range(20)]
    outcomes = at_once(*(partial(report_post, post=bens, by=member, reason="spam") for member in members))
    assert only_errors(outcomes) == []
    assert Case.objects.count() == 1
    assert Report.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_members_would_be_turned_away(bens, monkeypatch):
    members = [make_user(f"member{number}") for number in range(20)]
    take_the_locks_out(monkeypatch, PostQuerySet, people=20)
    outcomes = at_once(*(partial(report_post, post=bens, by=member, reason="spam") for member in members))
    assert only_errors(outcomes)
    assert Case.objects.count() == 1  # the constraint backs up the lock


@pytest.mark.django_db(transaction=True)
def test_one_member_twenty_times_at_once_is_one_report(bens, ada):
    outcomes = at_once(*(partial(report_post, post=bens, by=ada, reason="spam") for _ in range(20)))
    assert only_errors(outcomes) == []
    assert Report.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@run_often(4, 200)
def test_a_report_never_joins_a_case_that_is_being_settled(bens, ada, mia, times):
    for number in range(times):
        case = report_post(post=bens, by=ada, reason="spam").case
        late = make_user(f"late{number}")
        outcomes = at_once(
            partial(settle, case=case, by=mia, outcome="warned"),
            partial(report_post, post=bens, by=late, reason="spam"),
        )
        assert only_errors(outcomes) == []
        report = outcomes[1]
        case.refresh_from_db()
        assert report.case == case or report.case.earlier == case
        assert report.case != case or report.reported_at <= case.resolved_at
        for open_case in Case.objects.open():
            settle(case=open_case, by=mia, outcome="no_breach")


# --- The page ---


def test_the_page_says_what_happens_and_reports(sign_in, bens, ada):
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


def test_a_second_report_is_told_kindly(sign_in, bens, ada):
    report_post(post=bens, by=ada, reason="spam", comment="One.")
    client = sign_in(ada)
    page = client.get(url(bens))
    assert "You reported this post." in page.text
    response = client.post(url(bens), {"reason": "attack", "comment": "Two."}, follow=True)
    assert "You already reported this post." in response.text
    assert Report.objects.get().comment == "One."


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "reason"),
        ({"reason": "dislike"}, "reason"),
        ({"reason": "other"}, "comment"),
        ({"reason": "spam", "comment": "x" * 2001}, "comment"),
        ({"reason": "spam", "comment": "a\0b"}, "comment"),
    ],
)
def test_wrong_fields_are_said_beside_the_field(sign_in, bens, ada, fields, wrong):
    response = sign_in(ada).post(url(bens), fields)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [wrong])
    assert not Report.objects.exists()


def test_2000_characters_fit_after_crlf_became_lf(sign_in, bens, ada):
    sign_in(ada).post(url(bens), {"reason": "spam", "comment": "a\r\n" * 999 + "zz"})
    assert len(Report.objects.get().comment) == 2000


def test_guests_are_asked_to_sign_in_and_keep_their_words(guest, bens):
    assert guest.get(url(bens))["Location"].startswith("/account/login/")
    response = guest.post(url(bens), {"reason": "spam", "comment": "Lamps again."})
    assert response.status_code == 403
    assert "Lamps again." in response.text
    assert not Report.objects.exists()


def test_who_may_not_is_refused_by_effect(sign_in, bens, ben, cleo, mia):
    for send in (sign_in(ben).get, sign_in(ben).post):
        assert send(url(bens), {"reason": "spam"}).status_code == 403
    remove_post(post=bens, by=mia, reason="Spam.")
    assert sign_in(cleo).post(url(bens), {"reason": "spam"}).status_code == 404
    assert not Report.objects.exists()


def test_too_fast_says_when_and_keeps_the_comment(sign_in, bens, ada, monkeypatch):
    monkeypatch.setattr(rate_limits, "REPORTS", rate_limits.Limit("report", 0, 3600))
    response = sign_in(ada).post(url(bens), {"reason": "spam", "comment": "Lamps again."})
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert "Lamps again." in response.text


def url(post) -> str:
    return f"/p/{post.pk}/report/"
