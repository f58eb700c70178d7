"""How much a report counts towards hiding a post. Every reporter starts at 1. Each of their recent upheld reports adds
0.25 and each dismissed one subtracts 0.25, between 0.5 and 3. Members who joined today have 0.5 until their first
report is upheld."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from moderation.models import Appeal, Case, Report

LEAST, MOST, STEP = Decimal("0.5"), Decimal(3), Decimal("0.25")
REPORTS_COUNTED = 40  # resolved reports of a member that count
NEW_FOR = timedelta(days=1)


@dataclass(frozen=True)
class ReporterRecord:
    """The results of a member’s recent reports, and the weight of the next one."""

    upheld: int
    dismissed: int
    weight: Decimal


def reporter_record(member: User) -> ReporterRecord:
    reports = Report.objects.filter(reporter=member, case__resolved_at__isnull=False).order_by("-pk")
    results = reports.values_list("case__outcome", "case__appeal__decision")[:REPORTS_COUNTED]
    upheld, dismissed = count_results(results)
    is_new = member.joined_at > timezone.now() - NEW_FOR
    return ReporterRecord(upheld, dismissed, weight(upheld, dismissed, is_new=is_new))


def count_results(results: Iterable[tuple[str, str | None]]) -> tuple[int, int]:
    """Returns how many reports were upheld and how many dismissed. Outcomes that were reversed on appeal count as
    neither, since staff disagreed about them."""
    upheld = dismissed = 0
    for outcome, decision in results:
        if decision == Appeal.Decision.GRANTED:
            continue
        if outcome == Case.Outcome.NO_VIOLATION:
            dismissed += 1
        else:
            upheld += 1
    return upheld, dismissed


def weight(upheld: int, dismissed: int, *, is_new: bool = False) -> Decimal:
    if is_new and not upheld:
        return LEAST
    return min(MOST, max(LEAST, 1 + STEP * (upheld - dismissed)))
