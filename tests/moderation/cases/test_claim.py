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
from tests.support.cases import settle
from tests.support.racing import at_once, take_the_locks_out


@pytest.fixture
def case(bens, ada) -> Case:
    return report_post(post=bens, by=ada, reason="spam", comment="Lamps again.").case


def time_runs_out(case: Case, *, left: timedelta = timedelta(seconds=-1)) -> None:
    Case.objects.filter(pk=case.pk).update(claimed_until=timezone.now() + left)


def happened(case: Case) -> list[str]:
    return list(case.events.order_by("pk").values_list("kind", flat=True))


def test_a_moderator_takes_a_case_for_half_an_hour(case, mia):
    claimed = claim_case(case=case, by=mia)
    assert claimed.claimed_by == mia
    assert abs(claimed.claimed_until - timezone.now() - CLAIM_LASTS) < timedelta(seconds=5)
    case.refresh_from_db()
    assert case.first_response_at is not None
    assert happened(case) == ["claimed"]


def test_taking_it_twice_is_one_claim(case, mia):
    claim_case(case=case, by=mia)
    claim_case(case=case, by=mia)
    assert happened(case) == ["claimed"]


def test_the_second_is_told_who_has_it_and_may_take_it_over(case, mia, noor):
    claim_case(case=case, by=mia)
    with pytest.raises(ClaimedByAnother) as refusal:
        claim_case(case=case, by=noor)
    assert refusal.value.case.claimed_by == mia
    claim_case(case=case, by=noor, take_over=True)
    assert Case.objects.get().claimed_by == noor
    assert happened(case) == ["claimed", "taken_over"]


def test_a_claim_ends_by_itself(case, mia, noor):
    claim_case(case=case, by=mia)
    time_runs_out(case)
    assert not Case.objects.get().is_claimed
    claim_case(case=case, by=noor)
    assert Case.objects.get().claimed_by == noor


def test_working_on_it_renews_the_claim(case, mia):
    claim_case(case=case, by=mia)
    time_runs_out(case, left=timedelta(minutes=3))
    write_to_reporter(report=case.reports.get(), by=mia, text="Which lamps?")
    assert Case.objects.get().claimed_until > timezone.now() + timedelta(minutes=25)
    time_runs_out(case, left=timedelta(minutes=3))
    add_note(case=case, by=mia, text="Asked.")
    assert Case.objects.get().claimed_until > timezone.now() + timedelta(minutes=25)


def test_a_note_takes_nobodys_case(case, mia, noor):
    claim_case(case=case, by=mia)
    add_note(case=case, by=noor, text="Seen elsewhere.")
    assert Case.objects.get().claimed_by == mia


def test_while_somebody_has_it_nobody_else_settles_it_or_writes(case, mia, noor):
    claim_case(case=case, by=mia)
    with pytest.raises(ClaimedByAnother):
        settle(case=case, by=noor, outcome="no_breach")
    with pytest.raises(ClaimedByAnother):
        write_to_reporter(report=case.reports.get(), by=noor, text="Which lamps?")
    assert Case.objects.get().is_open
    assert not CaseEvent.objects.messages().exists()


def test_settling_ends_the_claim_and_is_a_first_look(case, mia):
    settle(case=case, by=mia, outcome="no_breach")
    case.refresh_from_db()
    assert (case.claimed_by, case.claimed_until) == (None, None)
    assert case.first_response_at == case.resolved_at
    with pytest.raises(AlreadyResolved):
        claim_case(case=case, by=mia)


def test_giving_it_back(case, mia, noor):
    claim_case(case=case, by=mia)
    assert not release_case(case=case, by=noor)
    assert release_case(case=case, by=mia)
    assert not release_case(case=case, by=mia)
    assert not Case.objects.get().is_claimed


def test_who_may_not(case, ada, ben):
    ben.role = "moderator"
    ben.save()
    for person in (ada, ben, AnonymousUser()):
        for act in (claim_case, release_case):
            with pytest.raises(NotAllowed):
                act(case=case, by=person)
    assert happened(case) == []


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once_and_one_has_it(case, mia, noor):
    for _ in range(10):
        Case.objects.update(claimed_by=None, claimed_until=None)
        outcomes = at_once(*(partial(claim_case, case=case, by=by) for by in (mia, noor) * 3))
        assert {type(outcome) for outcome in outcomes} == {Case, ClaimedByAnother}
        assert len({outcome.claimed_by_id for outcome in outcomes if isinstance(outcome, Case)}) == 1
    assert happened(case) == ["claimed"] * 10


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_would_have_it(case, mia, noor, monkeypatch):
    take_the_locks_out(monkeypatch, CaseQuerySet, people=2)
    at_once(*(partial(claim_case, case=case, by=by) for by in (mia, noor)))
    assert happened(case) == ["claimed", "claimed"]


# --- The page ---


def test_the_page_takes_gives_back_and_takes_over(sign_in, case, mia, noor):
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


def test_the_words_of_who_comes_too_late_are_given_back(sign_in, case, mia, noor):
    claim_case(case=case, by=mia)
    response = sign_in(noor).post(url(case, "settle/"), {"outcome": "no_breach", "note": "Only lamps."})
    assert response.status_code == 409
    assert "Only lamps." in response.text
    response = sign_in(noor).post(url(case, "reporters/1/write/"), {"body": "Which lamps?"})
    assert response.status_code == 409
    assert "Which lamps?" in response.text


def url(case: Case, act: str = "") -> str:
    return f"/moderation/cases/{case.pk}/{act}"
