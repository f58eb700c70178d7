from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import LogEntry, Sanction
from forum.access.errors import NotAllowed
from moderation.access.errors import AlreadyResolved
from moderation.access.permissions import can_see_case
from moderation.models import Case
from moderation.models.case import CaseQuerySet
from moderation.reports.report import report_post
from tests.conftest import offers, reply_to
from tests.races.crowd import run_often
from tests.support.cases import settle
from tests.support.racing import at_once, take_the_locks_out


@pytest.fixture
def case(bens, ada) -> Case:
    return report_post(post=bens, by=ada, reason="spam", comment="Lamps again.").case


@pytest.mark.parametrize(("outcome", "act"), [("warned", "settle_warned"), ("no_breach", "settle_no_breach")])
def test_a_moderator_settles_with_a_note(case, mia, topic, outcome, act):
    settle(case=case, by=mia, outcome=outcome, note="Looked at it.")
    case.refresh_from_db()
    assert (case.resolved_by, case.outcome, case.note, case.is_open) == (mia, outcome, "Looked at it.", False)
    entry = LogEntry.objects.get(act__startswith="settle_")
    assert (entry.act, entry.by, entry.why, entry.topic_id) == (act, mia, "Looked at it.", topic.pk)
    assert entry.section_id == topic.section_id
    assert (entry.target_kind, entry.target_id) == ("case", case.pk)


def test_who_comes_second_is_told_who_was_first(case, mia, noor, acts_logged):
    settle(case=case, by=mia, outcome="warned", note="Spam.")
    with pytest.raises(AlreadyResolved) as refusal:
        settle(case=case, by=noor, outcome="no_breach", note="Fine.")
    assert refusal.value.case.resolved_by == mia
    assert Case.objects.get().outcome == "warned"
    assert acts_logged() == ["warn_member", "settle_warned"]


def test_a_double_click_is_one_settlement(case, mia, acts_logged):
    settle(case=case, by=mia, outcome="warned", note="Spam.")
    settle(case=case, by=mia, outcome="warned", note="Spam.")
    assert acts_logged() == ["warn_member", "settle_warned"]
    assert Sanction.objects.count() == 1


def test_members_guests_and_the_author_may_not(case, ada, ben):
    ben.role = "moderator"
    ben.save()
    for person in (ada, ben, AnonymousUser()):
        with pytest.raises(NotAllowed):
            settle(case=case, by=person, outcome="no_breach")
    assert Case.objects.get().is_open


@pytest.mark.django_db(transaction=True)
@run_often(2, 100)
def test_two_moderators_at_once_settle_once(topic, cleo, ben, mia, noor, times):
    verdicts = [(mia, "warned"), (noor, "no_breach")] * 3
    for _ in range(times):
        case = report_post(post=reply_to(topic, ben), by=cleo, reason="spam").case
        outcomes = at_once(*(partial(settle, case=case, by=by, outcome=found) for by, found in verdicts))
        assert {type(outcome) for outcome in outcomes} == {AlreadyResolved, Case}, outcomes
        assert LogEntry.objects.filter(target_kind="case", target_id=case.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_would_settle(case, mia, noor, acts_logged, monkeypatch):
    take_the_locks_out(monkeypatch, CaseQuerySet, people=2)
    at_once(
        partial(settle, case=case, by=mia, outcome="warned"),
        partial(settle, case=case, by=noor, outcome="no_breach"),
    )
    assert {"settle_no_breach", "settle_warned"} <= set(acts_logged())


def test_the_list_rule_and_the_item_rule_agree(topic, bens, ada, ben, cleo, mia, noor):
    for post in (bens, reply_to(topic, mia), reply_to(topic, noor), topic.posts.get(position=1)):
        report_post(post=post, by=cleo, reason="spam")
    for person in (ada, ben, cleo, mia, noor, AnonymousUser()):
        one_by_one = {case for case in Case.objects.all() if can_see_case(person, case)}
        assert set(Case.objects.visible_to(person)) == one_by_one


# --- The page ---


def test_the_page_settles(sign_in, case, mia):
    client = sign_in(mia)
    assert offers(client.get(url(case)), "settle")
    fields = {"outcome": "warned", "reason": "Spam.", "note": "Spam.", "warned_for": "90"}
    response = client.post(url(case, "settle/"), fields)
    assert (response.status_code, response["Location"]) == (302, "/moderation/")
    assert Case.objects.get().note == "Spam."
    assert not offers(client.get(url(case)), "settle")


def test_wrong_fields_are_said_beside_the_field_and_kept(sign_in, case, mia):
    response = sign_in(mia).post(url(case, "settle/"), {"outcome": "maybe", "note": "y" * 201})
    assert (response.status_code, sorted(response.context["form"].errors)) == (422, ["note", "outcome"])
    assert "y" * 201 in response.text
    assert Case.objects.get().is_open


def test_the_second_gets_a_409_that_names_the_first_and_keeps_the_note(sign_in, case, mia, noor):
    settle(case=case, by=mia, outcome="warned", note="Spam.")
    response = sign_in(noor).post(url(case, "settle/"), {"outcome": "no_breach", "note": "Only lamps."})
    assert response.status_code == 409
    for words in ("mia", "already resolved this case", "Member warned", "Spam.", "Only lamps."):
        assert words in response.text


def test_it_is_not_there_for_members_and_for_the_author(sign_in, case, ada, ben):
    ben.role = "moderator"
    ben.save()
    for person in (ada, ben):
        for send in (sign_in(person).get, sign_in(person).post):
            assert send(url(case, "settle/"), {"outcome": "no_breach"}).status_code == 404
    assert Case.objects.get().is_open


def test_a_guest_is_asked_to_sign_in(guest, case):
    assert guest.get(url(case)).status_code == 302
    response = guest.post(url(case, "settle/"), {"outcome": "no_breach", "note": "Only lamps."})
    assert response.status_code == 403
    assert "Only lamps." in response.text
    assert Case.objects.get().is_open


def url(case, act: str = "") -> str:
    return f"/moderation/cases/{case.pk}/{act}"
