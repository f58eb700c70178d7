"""Reporters are shown as numbers. Revealing a reporter's name, and muting a reporter, are acts with a reason."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import LogEntry
from forum.access.errors import NotAllowed
from moderation.access.errors import ReportsMuted
from moderation.cases.reveal_reporter import reveal_reporter, revealed_to
from moderation.models import Mute, Report
from moderation.reports import views as report_views
from moderation.reports.mute_reporter import active_mute, mute_reporter, unmute_reporter
from moderation.reports.report import report_post
from notifications.models import Notification
from tests.conftest import browser_of, make_user, reply_to
from tests.support.cases import resolve


@pytest.fixture
def zelda(db):
    return make_user("zelda-reports")


@pytest.fixture
def report(bens, zelda) -> Report:
    return report_post(post=bens, by=zelda, reason="spam", comment="Lamps again.")


def case_url(report, act: str = "") -> str:
    return f"/moderation/cases/{report.case_id}/{act}"


@pytest.mark.slow
def test_revealed_name_is_visible_only_to_the_revealing_moderator(sign_in, report, zelda, mia, noor):
    assert reveal_reporter(report=report, by=mia, reason="A threat.")
    assert not reveal_reporter(report=report, by=mia, reason="Again.")
    assert revealed_to(mia, report.case) == {1: zelda}
    assert "zelda-reports" in sign_in(mia).get(case_url(report)).text
    page = sign_in(noor).get(case_url(report)).text
    assert "zelda-reports" not in page
    assert "<bdi>mia</bdi> revealed the identity of reporter 1" in page
    entry = LogEntry.objects.get()
    assert (entry.act, entry.by, entry.why) == ("unmask_reporter", mia, "A threat.")
    assert "zelda" not in f"{entry.target_name} {entry.why} {entry.facts} {entry.member_id}"
    assert entry.member_id is None
    assert "zelda-reports" not in sign_in(noor).get("/moderation/log/").text


@pytest.mark.slow
def test_reveal_covers_only_that_reporter(sign_in, report, bens, ada, mia, noor):
    other = report_post(post=bens, by=ada, reason="attack")
    reveal_reporter(report=report, by=mia, reason="A threat.")
    reveal_reporter(report=other, by=noor, reason="Another.")
    assert "zelda-reports" not in sign_in(noor).get(case_url(report)).text
    page = sign_in(mia).get(case_url(report)).text
    assert "zelda-reports" in page
    assert "(<bdi>ada</bdi>" not in page


@pytest.mark.slow
def test_reveal_requires_a_reason(sign_in, report, mia):
    response = sign_in(mia).post(case_url(report, "reporters/1/unmask/"), {"reason": ""})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    assert not LogEntry.objects.exists()
    sign_in(mia).post(case_url(report, "reporters/1/unmask/"), {"reason": "A threat."})
    assert LogEntry.objects.get().act == "unmask_reporter"


def test_muted_reporter_cannot_report_for_thirty_days_and_is_notified(report, zelda, topic, ben, mia):
    mute = mute_reporter(report=report, by=mia, reason="Nine about nothing.")
    assert abs(mute.until - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    with pytest.raises(ReportsMuted):
        report_post(post=reply_to(topic, ben), by=zelda, reason="spam")
    assert "Nine about nothing." in Notification.objects.get(member=zelda).text
    entry = LogEntry.objects.get()
    assert (entry.act, entry.target_name) == ("mute_reporter", f"reporter 1 of case {report.case_id}")
    assert entry.member_id is None


def test_second_mute_returns_the_first(report, zelda, mia, noor, logged_actions):
    first = mute_reporter(report=report, by=mia, reason="Nine about nothing.")
    assert mute_reporter(report=report, by=noor, reason="Ten.") == first
    assert logged_actions() == ["mute_reporter"]


def test_mute_expires_and_can_be_lifted(report, zelda, bens, mia, logged_actions):
    mute = mute_reporter(report=report, by=mia, reason="Nine about nothing.")
    assert unmute_reporter(mute=mute, by=mia)
    assert not unmute_reporter(mute=mute, by=mia)
    assert active_mute(zelda) is None
    mute = mute_reporter(report=report, by=mia, reason="Again.")
    Mute.objects.filter(pk=mute.pk).update(until=timezone.now())
    assert active_mute(zelda) is None
    assert logged_actions() == ["mute_reporter", "unmute_reporter", "mute_reporter"]


def test_report_page_shows_mute_reason_and_rejects_report(sign_in, report, zelda, topic, ben, mia):
    other = reply_to(topic, ben)
    mute_reporter(report=report, by=mia, reason="Nine about nothing.")
    client = sign_in(zelda)
    page = client.get(f"/p/{other.pk}/report/")
    assert (page.status_code, 'data-act="report"' in page.text) == (200, False)
    assert "Nine about nothing." in page.text
    response = client.post(f"/p/{other.pk}/report/", {"reason": "spam"})
    assert response.status_code == 403
    assert Report.objects.count() == 1


@pytest.mark.slow
def test_members_guests_and_author_cannot_reveal_mute_or_unmute(report, zelda, ada, ben, mia):
    ben.role = "moderator"
    ben.save()
    mute = mute_reporter(report=report, by=mia, reason="Nine about nothing.")
    for person in (zelda, ada, ben, AnonymousUser()):
        for act in (reveal_reporter, mute_reporter):
            with pytest.raises(NotAllowed):
                act(report=report, by=person, reason="Curious.")
        with pytest.raises(NotAllowed):
            unmute_reporter(mute=mute, by=person)
    assert LogEntry.objects.count() == 1


@pytest.mark.slow
def test_reporters_page_lists_often_dismissed_reporters_without_names(
    sign_in, report, zelda, topic, ben, mia
):
    resolve(case=report.case, by=mia, outcome="no_breach")
    for _ in range(3):
        resolve(
            case=report_post(post=reply_to(topic, ben), by=zelda, reason="spam").case,
            by=mia,
            outcome="no_breach",
        )
    assert "</b> dismissed" not in sign_in(mia).get("/moderation/reporters/").text
    last = report_post(post=reply_to(topic, ben), by=zelda, reason="spam")
    resolve(case=last.case, by=mia, outcome="no_breach")
    page = sign_in(mia).get("/moderation/reporters/").text
    assert f"Reporter 1 of case {last.case_id}" in page
    assert "5</b> dismissed" in page
    assert "zelda-reports" not in page
    again = report_post(post=reply_to(topic, ben), by=zelda, reason="spam")
    assert "Often dismissed" in sign_in(mia).get(case_url(again)).text
    mute_reporter(report=again, by=mia, reason="Five about nothing.")
    page = sign_in(mia).get("/moderation/reporters/").text
    assert 'data-act="lift_mute"' in page
    assert "zelda-reports" not in page


@pytest.mark.slow
def test_report_by_newly_muted_member_gets_403_and_preserves_comment(
    report, zelda, topic, ben, mia, monkeypatch
):
    mute_reporter(report=report, by=mia, reason="Nothing in it.")
    address = f"/p/{reply_to(topic, ben).pk}/report/"
    said = {"reason": "spam", "comment": "A long comment.", "version": "1"}
    known = browser_of(zelda).post(address, said)
    monkeypatch.setattr(report_views, "active_mute", lambda member: None)  # as when the page was read
    a_moment_ago = browser_of(zelda).post(address, said)
    for page in (known, a_moment_ago):
        assert page.status_code == 403
        assert "A long comment.</textarea>" in page.text
        assert "Nothing in it." in page.text
