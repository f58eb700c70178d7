from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from forum.access.errors import NotAllowed
from moderation.access.errors import AlreadyResolved, ClaimedByAnother
from moderation.cases.claim import CLAIM_LASTS, claim_case, release_case
from moderation.cases.messages import add_note, write_to_reporter
from moderation.models import Case, CaseEvent
from moderation.models.case import CaseQuerySet
from moderation.reports.report import report_post
from tests.support.cases import resolve
from tests.support.concurrency import disable_locks, run_concurrently


@pytest.fixture
def case(bens, ada) -> Case:
    return report_post(post=bens, by=ada, reason="spam", comment="Lamps again.").case


def set_claim_time_left(case: Case, *, left: timedelta = timedelta(seconds=-1)) -> None:
    Case.objects.filter(pk=case.pk).update(claimed_until=timezone.now() + left)


def event_kinds(case: Case) -> list[str]:
    return list(case.events.order_by("pk").values_list("kind", flat=True))


def test_moderator_claims_case_for_half_an_hour(case, mia):
    claimed = claim_case(case=case, by=mia)
    assert claimed.claimed_by == mia
    assert abs(claimed.claimed_until - timezone.now() - CLAIM_LASTS) < timedelta(seconds=5)
    case.refresh_from_db()
    assert case.first_response_at is not None
    assert event_kinds(case) == ["claimed"]


def test_claiming_twice_records_one_claim(case, mia):
    claim_case(case=case, by=mia)
    claim_case(case=case, by=mia)
    assert event_kinds(case) == ["claimed"]


def test_second_moderator_is_rejected_but_may_take_over_claim(case, mia, noor):
    claim_case(case=case, by=mia)
    with pytest.raises(ClaimedByAnother) as refusal:
        claim_case(case=case, by=noor)
    assert refusal.value.case.claimed_by == mia
    claim_case(case=case, by=noor, take_over=True)
    assert Case.objects.get().claimed_by == noor
    assert event_kinds(case) == ["claimed", "taken_over"]


def test_claim_expires(case, mia, noor):
    claim_case(case=case, by=mia)
    set_claim_time_left(case)
    assert not Case.objects.get().is_claimed
    claim_case(case=case, by=noor)
    assert Case.objects.get().claimed_by == noor


def test_messages_and_notes_renew_claim(case, mia):
    claim_case(case=case, by=mia)
    set_claim_time_left(case, left=timedelta(minutes=3))
    write_to_reporter(report=case.reports.get(), by=mia, text="Which lamps?")
    assert Case.objects.get().claimed_until > timezone.now() + timedelta(minutes=25)
    set_claim_time_left(case, left=timedelta(minutes=3))
    add_note(case=case, by=mia, text="Asked.")
    assert Case.objects.get().claimed_until > timezone.now() + timedelta(minutes=25)


def test_note_by_another_moderator_keeps_claim(case, mia, noor):
    claim_case(case=case, by=mia)
    add_note(case=case, by=noor, text="Seen elsewhere.")
    assert Case.objects.get().claimed_by == mia


def test_claimed_case_rejects_resolution_and_messages_by_others(case, mia, noor):
    claim_case(case=case, by=mia)
    with pytest.raises(ClaimedByAnother):
        resolve(case=case, by=noor, outcome="no_breach")
    with pytest.raises(ClaimedByAnother):
        write_to_reporter(report=case.reports.get(), by=noor, text="Which lamps?")
    assert Case.objects.get().is_open
    assert not CaseEvent.objects.messages().exists()


def test_resolution_ends_the_claim(case, mia):
    claim_case(case=case, by=mia)
    resolve(case=case, by=mia, outcome="no_breach")
    case.refresh_from_db()
    assert (case.claimed_by, case.claimed_until) == (None, None)


def test_resolution_of_unclaimed_case_is_its_first_response(case, mia):
    resolve(case=case, by=mia, outcome="no_breach")
    case.refresh_from_db()
    assert case.first_response_at == case.resolved_at
    with pytest.raises(AlreadyResolved):
        claim_case(case=case, by=mia)


def test_claim_can_be_released_only_by_its_holder(case, mia, noor):
    claim_case(case=case, by=mia)
    assert not release_case(case=case, by=noor)
    assert release_case(case=case, by=mia)
    assert not release_case(case=case, by=mia)
    assert not Case.objects.get().is_claimed


def test_members_guests_and_author_cannot_claim_or_release(case, ada, ben):
    ben.role = "moderator"
    ben.save()
    for person in (ada, ben, AnonymousUser()):
        for act in (claim_case, release_case):
            with pytest.raises(NotAllowed):
                act(case=case, by=person)
    assert event_kinds(case) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_claims_give_case_to_one_moderator(case, mia, noor):
    for _ in range(10):
        Case.objects.update(claimed_by=None, claimed_until=None)
        outcomes = run_concurrently(*(partial(claim_case, case=case, by=by) for by in (mia, noor) * 3))
        assert {type(outcome) for outcome in outcomes} == {Case, ClaimedByAnother}
        assert len({outcome.claimed_by_id for outcome in outcomes if isinstance(outcome, Case)}) == 1
    assert event_kinds(case) == ["claimed"] * 10


@pytest.mark.django_db(transaction=True)
def test_control_concurrent_claims_both_succeed_without_lock(case, mia, noor, monkeypatch):
    disable_locks(monkeypatch, CaseQuerySet, people=2)
    run_concurrently(*(partial(claim_case, case=case, by=by) for by in (mia, noor)))
    assert event_kinds(case) == ["claimed", "claimed"]


# --- The page ---


@pytest.mark.slow
def test_case_page_claims_takes_over_and_releases(sign_in, case, mia, noor):
    first, second = sign_in(mia), sign_in(noor)
    assert "This case is unclaimed." in first.get(url(case)).text
    first.post(url(case, "claim/"))
    assert "You have claimed this case until" in first.get(url(case)).text
    page = second.get(url(case)).text
    assert "has claimed this case until" in page
    assert 'data-act="settle"' not in page
    response = second.post(url(case, "claim/"))
    assert response.status_code == 409
    assert "mia" in response.text
    assert second.post(url(case, "claim/"), {"take_over": "1"}).status_code == 302
    assert Case.objects.get().claimed_by == noor
    second.post(url(case, "release/"))
    assert "This case is unclaimed." in first.get(url(case)).text


@pytest.mark.slow
def test_conflict_with_claim_of_another_preserves_submitted_text(sign_in, case, mia, noor):
    claim_case(case=case, by=mia)
    response = sign_in(noor).post(url(case, "settle/"), {"outcome": "no_breach", "note": "Only lamps."})
    assert response.status_code == 409
    assert "Only lamps." in response.text
    response = sign_in(noor).post(url(case, "reporters/1/write/"), {"body": "Which lamps?"})
    assert response.status_code == 409
    assert "Which lamps?" in response.text


def url(case: Case, act: str = "") -> str:
    return f"/moderation/cases/{case.pk}/{act}"
