"""Claim a case, so that two people do not work on it at once. A claim expires after 30 minutes, and is renewed when
its holder works on the case."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from moderation.access.errors import AlreadyResolved, ClaimedByAnother
from moderation.access.locks import lock_case_for_staff
from moderation.models import Case, CaseEvent

CLAIM_LASTS = timedelta(minutes=30)


@transaction.atomic
def claim_case(*, case: Case, by: User, take_over: bool = False) -> Case:
    """Claims the case or renews the claim. If someone else has claimed it, `take_over` must be set."""
    case = lock_open_case(case, by)
    if is_claimed_by_other(case, by) and not take_over:
        raise ClaimedByAnother(case)
    return set_claim(case, by=by)


@transaction.atomic
def release_case(*, case: Case, by: User) -> bool:
    """Releases the case. Returns False if `by` had not claimed it."""
    case = lock_open_case(case, by)
    if not case.is_claimed or case.claimed_by_id != by.pk:
        return False
    case.claimed_by = case.claimed_until = None
    case.save(update_fields=["claimed_by", "claimed_until"])
    CaseEvent.objects.create(case=case, kind=CaseEvent.Kind.RELEASED, by=by)
    return True


def claim_or_renew(case: Case, *, by: User) -> None:
    """Claims an open case for the person who works on it, or renews their claim. Needs the lock of the case."""
    if is_claimed_by_other(case, by):
        raise ClaimedByAnother(case)
    set_claim(case, by=by)


def set_claim(case: Case, *, by: User) -> Case:
    """Needs the lock of the case."""
    now = timezone.now()
    previous_id, was_claimed = case.claimed_by_id, case.is_claimed
    case.claimed_by, case.claimed_until = by, now + CLAIM_LASTS
    case.first_response_at = case.first_response_at or now
    case.save(update_fields=["claimed_by", "claimed_until", "first_response_at"])
    if not was_claimed or previous_id != by.pk:
        kind = CaseEvent.Kind.TAKEN_OVER if was_claimed else CaseEvent.Kind.CLAIMED
        CaseEvent.objects.create(case=case, kind=kind, by=by, at=now)
    return case


def is_claimed_by_other(case: Case, person: User) -> bool:
    """Whether someone else has claimed the case."""
    return case.is_claimed and case.claimed_by_id != person.pk


def lock_open_case(case: Case, by: User) -> Case:
    case = lock_case_for_staff(case.pk, by=by)
    if not case.is_open:
        raise AlreadyResolved(case)
    return case
