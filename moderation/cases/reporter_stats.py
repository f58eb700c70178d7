"""Statistics about reporters over all cases, without names."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone

from accounts.models import User
from moderation.cases.case_detail import is_often_dismissed_count
from moderation.models import Appeal, Case, Mute, Report

PERIOD = timedelta(days=90)
SHOWN_MAX = 20


@dataclass(frozen=True)
class OftenDismissed:
    report: Report  # their newest visible one, which identifies them by number
    upheld: int
    dismissed: int


def often_dismissed(person: User) -> list[OftenDismissed]:
    """Returns reporters whose recent reports were often dismissed, in cases that this person can see. Muted reporters
    are left out."""
    cases = Case.objects.visible_to(person).filter(resolved_at__gt=timezone.now() - PERIOD)
    recent = Report.objects.filter(case__in=cases.values("pk")).exclude(
        case__appeal__decision=Appeal.Decision.GRANTED
    )
    muted = Mute.objects.filter(until__gt=timezone.now(), lifted_at=None)
    no_violation = Q(case__outcome=Case.Outcome.NO_VIOLATION)
    counted = (
        recent.exclude(reporter__in=muted.values("member"))
        .order_by()
        .values("reporter")
        .annotate(
            dismissed=Count("pk", filter=no_violation),
            upheld=Count("pk", filter=~no_violation),
            newest=Max("pk"),
        )
        .filter(dismissed__gte=5)
        .order_by("-dismissed")[: SHOWN_MAX * 5]
    )
    rows = [row for row in counted if is_often_dismissed_count(row["upheld"], row["dismissed"])][:SHOWN_MAX]
    reports = Report.objects.defer("reporter").in_bulk([row["newest"] for row in rows])
    return [OftenDismissed(reports[row["newest"]], row["upheld"], row["dismissed"]) for row in rows]


def active_mutes_visible_to(person: User) -> list[Mute]:
    """Returns the active mutes of reporters in cases that this person can see."""
    active = Mute.objects.filter(until__gt=timezone.now(), lifted_at=None)
    visible = active.filter(because_of__case__in=Case.objects.visible_to(person).values("pk"))
    return list(
        visible.select_related("because_of", "muted_by").defer("because_of__reporter").order_by("-pk")
    )
