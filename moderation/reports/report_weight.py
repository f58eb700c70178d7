"""How much a report counts towards holding a post. One rule, the same for everybody: who reports starts at 1; each of
their last reports that was right adds a quarter, each that was about nothing takes a quarter; never less than a half,
never more than three. Until their first report was right, members who joined today count half."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from moderation.models import Appeal, Case, Report

LEAST, MOST, STEP = Decimal("0.5"), Decimal(3), Decimal("0.25")
REMEMBERED = 40  # the last settled reports of a member
NEW_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """What became of a member's last reports, and what the next one weighs."""

    upheld: int
    dismissed: int
    weight: Decimal


def standing_of(member: User) -> Standing:
    settled = Report.objects.filter(reporter=member, case__settled_at__isnull=False).order_by("-pk")
    found = settled.values_list("case__outcome", "case__appeal__decision")[:REMEMBERED]
    upheld, dismissed = counted(found)
    is_new = member.joined_at > timezone.now() - NEW_FOR
    return Standing(upheld, dismissed, weight(upheld, dismissed, is_new=is_new))


def counted(found: Iterable[tuple[str, str | None]]) -> tuple[int, int]:
    """How many reports were right, and how many about nothing. An outcome that was undone on appeal counts as neither:
    two of staff were of two minds about it."""
    upheld = dismissed = 0
    for outcome, decision in found:
        if decision == Appeal.Decision.GRANTED:
            continue
        if outcome == Case.Outcome.NO_BREACH:
            dismissed += 1
        else:
            upheld += 1
    return upheld, dismissed


def weight(upheld: int, dismissed: int, *, is_new: bool = False) -> Decimal:
    if is_new and not upheld:
        return LEAST
    return min(MOST, max(LEAST, 1 + STEP * (upheld - dismissed)))
