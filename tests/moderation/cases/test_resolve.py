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
from tests.support.cases import resolve
from tests.support.concurrency import disable_locks, run_concurrently


@pytest.fixture
def case(bens, ada) -> Case:
    return report_post(post=bens, by=ada, reason="spam", comment="Lamps again.").case


@pytest.mark.parametrize(("outcome", "act"), [("warned", "settle_warned"), ("no_breach", "settle_no_breach")])
def test_resolution_stores_outcome_and_note_and_is_logged(case, mia, topic, outcome, act):
    resolve(case=case, by=mia, outcome=outcome, note="Looked at it.")
    case.refresh_from_db()
    assert (case.resolved_by, case.outcome, case.note, case.is_open) == (mia, outcome, "Looked at it.", False)
    entry = LogEntry.objects.get(act__startswith="settle_")
    assert (entry.act, entry.by, entry.why, entry.topic_id) == (act, mia, "Looked at it.", topic.pk)
    assert entry.section_id == topic.section_id
    assert (entry.target_kind, entry.target_id) == ("case", case.pk)


def test_second_resolution_raises_already_resolved(case, mia, noor, logged_actions):
    resolve(case=case, by=mia, outcome="warned", note="Spam.")
    with pytest.raises(AlreadyResolved) as refusal:
        resolve(case=case, by=noor, outcome="no_breach", note="Fine.")
    assert refusal.value.case.resolved_by == mia
    assert Case.objects.get().outcome == "warned"
    assert logged_actions() == ["warn_member", "settle_warned"]


def test_repeated_resolution_by_same_moderator_is_ignored(case, mia, logged_actions):
    resolve(case=case, by=mia, outcome="warned", note="Spam.")
    resolve(case=case, by=mia, outcome="warned", note="Spam.")
    assert logged_actions() == ["warn_member", "settle_warned"]
    assert Sanction.objects.count() == 1


def test_members_guests_and_author_cannot_resolve(case, ada, ben):
    ben.role = "moderator"
    ben.save()
    for person in (ada, ben, AnonymousUser()):
        with pytest.raises(NotAllowed):
            resolve(case=case, by=person, outcome="no_breach")
    assert Case.objects.get().is_open


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@run_often(2, 100)
def test_concurrent_resolutions_resolve_once(topic, cleo, ben, mia, noor, times):
    verdicts = [(mia, "warned"), (noor, "no_breach")] * 3
    for _ in range(times):
        case = report_post(post=reply_to(topic, ben), by=cleo, reason="spam").case
        outcomes = run_concurrently(
            *(partial(resolve, case=case, by=by, outcome=found) for by, found in verdicts)
        )
        assert {type(outcome) for outcome in outcomes} == {AlreadyResolved, Case}, outcomes
        assert LogEntry.objects.filter(target_kind="case", target_id=case.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_concurrent_resolutions_both_apply_without_lock(case, mia, noor, logged_actions, monkeypatch):
    disable_locks(monkeypatch, CaseQuerySet, people=2)
    run_concurrently(
        partial(resolve, case=case, by=mia, outcome="warned"),
        partial(resolve, case=case, by=noor, outcome="no_breach"),
    )
    assert {"settle_no_breach", "settle_warned"} <= set(logged_actions())


def test_visible_to_agrees_with_can_see_case(topic, bens, ada, ben, cleo, mia, noor):
    for post in (bens, reply_to(topic, mia), reply_to(topic, noor), topic.posts.get(position=1)):
        report_post(post=post, by=cleo, reason="spam")
    for person in (ada, ben, cleo, mia, noor, AnonymousUser()):
        one_by_one = {case for case in Case.objects.all() if can_see_case(person, case)}
        assert set(Case.objects.visible_to(person)) == one_by_one


# --- The page ---


def test_case_page_resolves_case(sign_in, case, mia):
    client = sign_in(mia)
    assert offers(client.get(url(case)), "settle")
    fields = {"outcome": "warned", "reason": "Spam.", "note": "Spam.", "warned_for": "90"}
    response = client.post(url(case, "settle/"), fields)
    assert (response.status_code, response["Location"]) == (302, "/moderation/")
    assert Case.objects.get().note == "Spam."
    assert not offers(client.get(url(case)), "settle")


def test_invalid_resolve_form_shows_field_errors_and_preserves_input(sign_in, case, mia):
    response = sign_in(mia).post(url(case, "settle/"), {"outcome": "maybe", "note": "y" * 201})
    assert (response.status_code, sorted(response.context["form"].errors)) == (422, ["note", "outcome"])
    assert "y" * 201 in response.text
    assert Case.objects.get().is_open


def test_second_resolver_gets_409_with_first_resolution_and_own_note(sign_in, case, mia, noor):
    resolve(case=case, by=mia, outcome="warned", note="Spam.")
    response = sign_in(noor).post(url(case, "settle/"), {"outcome": "no_breach", "note": "Only lamps."})
    assert response.status_code == 409
    for words in ("mia", "already resolved this case", "Member warned", "Spam.", "Only lamps."):
        assert words in response.text


def test_resolve_page_is_404_for_members_and_author(sign_in, case, ada, ben):
    ben.role = "moderator"
    ben.save()
    for person in (ada, ben):
        for send in (sign_in(person).get, sign_in(person).post):
            assert send(url(case, "settle/"), {"outcome": "no_breach"}).status_code == 404
    assert Case.objects.get().is_open


def test_guest_must_sign_in_to_resolve_and_note_is_preserved(guest, case):
    assert guest.get(url(case)).status_code == 302
    response = guest.post(url(case, "settle/"), {"outcome": "no_breach", "note": "Only lamps."})
    assert response.status_code == 403
    assert "Only lamps." in response.text
    assert Case.objects.get().is_open


def url(case, act: str = "") -> str:
    return f"/moderation/cases/{case.pk}/{act}"
