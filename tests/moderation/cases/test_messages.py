"""Staff and a reporter exchange messages, and neither learns a name."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.rate_limiting import rate_counter
from forum.access.errors import NotAllowed
from moderation.cases import messages as messages_module
from moderation.cases.messages import add_note, reply_to_staff, write_to_reporter
from moderation.models import CaseEvent, Report
from moderation.reports.report import report_post
from notifications.models import Notification
from tests.conftest import make_user
from tests.support.cases import resolve


@pytest.fixture
def zelda(db):
    return make_user("zelda-reports")


@pytest.fixture
def report(bens, zelda) -> Report:
    return report_post(post=bens, by=zelda, reason="spam", comment="Lamps again.")


def messages_of(report) -> list[tuple[str, str]]:
    return list(report.events.messages().order_by("pk").values_list("kind", "text"))


def test_messages_notify_both_sides_without_names(report, zelda, mia):
    write_to_reporter(report=report, by=mia, text="Which lamps?")
    notice = Notification.objects.get(member=zelda)
    assert notice.url == f"/reports/{report.pk}/"
    assert "mia" not in notice.text
    reply_to_staff(report=report, by=zelda, text="Those of the shop.")
    notice = Notification.objects.get(member=mia)
    assert notice.text == f"Reporter 1 of case {report.case_id} replied."
    assert notice.url == report.case.get_absolute_url()
    assert messages_of(report) == [("to_reporter", "Which lamps?"), ("from_reporter", "Those of the shop.")]
    assert CaseEvent.objects.get(kind="from_reporter").by is None


def test_reporter_message_does_not_notify_uninvolved_staff(report, zelda, mia):
    reply_to_staff(report=report, by=zelda, text="Something more.")
    assert not Notification.objects.filter(member=mia).exists()


def test_former_moderator_is_not_notified_of_replies(report, zelda, mia):
    write_to_reporter(report=report, by=mia, text="Which words?")
    User.objects.filter(pk=mia.pk).update(role="member")
    reply_to_staff(report=report, by=zelda, text="All of them.")
    assert not Notification.objects.filter(member=mia).exists()


def test_reporter_may_reply_after_resolution_only_to_staff_message(report, zelda, mia):
    resolve(case=report.case, by=mia, outcome="no_breach")
    with pytest.raises(NotAllowed):
        reply_to_staff(report=report, by=zelda, text="But!")
    write_to_reporter(report=report, by=mia, text="Once more: which lamps?")
    reply_to_staff(report=report, by=zelda, text="Those.")
    with pytest.raises(NotAllowed):
        reply_to_staff(report=report, by=zelda, text="And those.")


def test_messages_and_notes_reject_unauthorized_people(report, zelda, ada, ben, cleo):
    ben.role = "moderator"
    ben.save()
    for person in (zelda, ada, ben, AnonymousUser()):
        with pytest.raises(NotAllowed):
            write_to_reporter(report=report, by=person, text="Hello.")
        with pytest.raises(NotAllowed):
            add_note(case=report.case, by=person, text="Hello.")
    for person in (ada, ben, cleo, AnonymousUser()):
        with pytest.raises(NotAllowed):
            reply_to_staff(report=report, by=person, text="Hello.")
    assert not CaseEvent.objects.exists()


@pytest.mark.usefixtures("in_one_slot")
def test_reply_over_rate_limit_is_not_saved(report, zelda, monkeypatch):
    monkeypatch.setattr(messages_module, "REPLY_LIMIT", rate_counter.Limit("answer_staff", 1, 3600))
    reply_to_staff(report=report, by=zelda, text="One.")
    with pytest.raises(rate_counter.RateLimitExceeded):
        reply_to_staff(report=report, by=zelda, text="Two.")
    assert len(messages_of(report)) == 1


# --- The pages ---


def test_case_and_report_pages_carry_messages_without_names(sign_in, report, zelda, mia):
    staff, member = sign_in(mia), sign_in(zelda)
    staff.post(f"/moderation/cases/{report.case_id}/reporters/1/write/", {"body": "Which lamps?"})
    page = member.get(f"/reports/{report.pk}/").text
    assert "Which lamps?" in page
    assert "Moderators" in page
    assert "mia" not in page
    member.post(f"/reports/{report.pk}/", {"body": "Those of the shop."})
    page = staff.get(f"/moderation/cases/{report.case_id}/").text
    assert "Those of the shop." in page
    assert "zelda-reports" not in page


def test_report_pages_show_only_own_reports(sign_in, report, zelda, ada, bens):
    other = report_post(post=bens, by=ada, reason="attack", comment="Between ada and staff.")
    page = sign_in(zelda).get("/reports/").text
    assert f"/reports/{report.pk}/" in page
    assert f"/reports/{other.pk}/" not in page
    for send in (sign_in(zelda).get, sign_in(zelda).post):
        assert send(f"/reports/{other.pk}/", {"body": "Hello."}).status_code == 404


def test_report_page_shows_outcome_but_not_sanction(sign_in, report, zelda, mia):
    assert ">Open</span>" in sign_in(zelda).get(f"/reports/{report.pk}/").text
    resolve(case=report.case, by=mia, outcome="suspended", note="Between staff.", reason="To its author.")
    page = sign_in(zelda).get(f"/reports/{report.pk}/").text
    assert "Moderators took action." in page
    for secret in ("suspend", "Between staff.", "To its author.", "mia"):
        assert secret not in page


@pytest.mark.parametrize("body", ["", " \n ", "x" * 2001])
def test_invalid_message_shows_field_error_and_preserves_text(sign_in, report, zelda, mia, body):
    response = sign_in(zelda).post(f"/reports/{report.pk}/", {"body": body})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["body"])
    address = f"/moderation/cases/{report.case_id}/reporters/1/write/"
    response = sign_in(mia).post(address, {"body": body})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["body"])
    assert body.strip() in response.text
    response = sign_in(mia).post(f"/moderation/cases/{report.case_id}/note/", {"note": body})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["note"])
    assert not CaseEvent.objects.exists()


def test_guest_submission_gets_403_and_preserves_text(guest, report):
    for address, name in (
        (f"/reports/{report.pk}/", "body"),
        (f"/moderation/cases/{report.case_id}/reporters/1/write/", "body"),
        (f"/moderation/cases/{report.case_id}/note/", "note"),
    ):
        response = guest.post(address, {name: "What I had to say"})
        assert response.status_code == 403
        assert "What I had to say" in response.text
