"""What moderation did, by month, for everybody: numbers, and none that is so small that it points at somebody."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Aggregate, Count, DurationField, F, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from accounts.models import LogEntry, Sanction
from moderation.models import Appeal, Case, Report

FEWEST = 3  # what is less is said as "fewer than 3"
MONTHS_PER_PAGE = 12
KEPT_FOR = 600  # seconds; the figures of a month move slowly, and many may ask
PAGES_KEPT = 50
OUTCOMES = Case.Outcome.choices


@dataclass(frozen=True)
class Line:
    """One figure, in words."""

    name: str
    said: str
    is_part: bool = False  # of the figure before it


@dataclass(frozen=True)
class Month:
    begins: date
    lines: list[Line]


@dataclass(frozen=True)
class MonthsPage:
    months: list[Month]  # newest first; one in which nothing happened is left out
    before: date | None  # where the page of earlier months goes on


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


_kept: dict[date, tuple[float, MonthsPage]] = {}


def months(before: date | None = None) -> MonthsPage:
    """The months before that one; the newest without it. Up to ten minutes old."""
    end = before or _next(_this_month())
    made, page = _kept.get(end, (0.0, None))
    if page is None or time.monotonic() - made > KEPT_FOR:
        if len(_kept) >= PAGES_KEPT:
            _kept.clear()
        page = _make(end)
        _kept[end] = (time.monotonic(), page)
    return page


def forget_all() -> None:
    _kept.clear()


def few(number: int) -> str:
    return f"fewer than {FEWEST}" if number < FEWEST else f"{number:,}"


def about(took: timedelta | None) -> str:
    """How long, in the largest unit that says something."""
    minutes = max(0, int(took.total_seconds() // 60)) if took else 0
    for unit, size in (("day", 60 * 24), ("hour", 60)):
        if minutes >= 2 * size:
            return f"{minutes // size} {unit}s"
    return f"{minutes} minutes" if minutes != 1 else "1 minute"


def _make(end: date) -> MonthsPage:
    begins = [end]
    for _ in range(MONTHS_PER_PAGE):
        begins.append(_previous(begins[-1]))
    first = begins[-1]
    since, until = (datetime.combine(day, datetime.min.time(), _zone()) for day in (first, end))
    counts = _counts(since, until)
    waits = _waits(since, until)
    shown = [
        Month(month, _lines(counts[month], waits.get(month)))
        for month in begins[1:]
        if any(counts[month].values())
    ]
    return MonthsPage(shown, first if _is_earlier(since) else None)


def _counts(since: datetime, until: datetime) -> dict[date, Counter[str]]:
    counts: dict[date, Counter[str]] = {}
    month = _previous(until.date())
    while month >= since.date():
        counts[month] = Counter()
        month = _previous(month)

    def add(kind: str, rows: QuerySet[Any], moment: str, by: str | None = None) -> None:
        rows = rows.filter(**{f"{moment}__gte": since, f"{moment}__lt": until})
        of_month = rows.order_by().annotate(month=TruncMonth(moment, tzinfo=_zone()))
        names = ["month", *([by] if by else [])]
        for row in of_month.values(*names).annotate(number=Count("pk")):
            counts[row["month"].date()][f"{kind}:{row[by]}" if by else kind] += row["number"]

    add("reports", Report.objects.all(), "reported_at")
    add("outcome", Case.objects.settled(), "settled_at", "outcome")
    add("removals", LogEntry.objects.filter(act="remove"), "at")
    add("restored", LogEntry.objects.filter(act="restore"), "at")
    add("sanction", Sanction.objects.all(), "at", "kind")
    add("appeals", Appeal.objects.all(), "made_at")
    add("decision", Appeal.objects.exclude(decided_at=None), "decided_at", "decision")
    return counts


def _waits(since: datetime, until: datetime) -> dict[date, dict[str, timedelta]]:
    """By the month in which a case was settled. Of so few cases that they point at one of them, nothing."""
    settled = Case.objects.filter(settled_at__gte=since, settled_at__lt=until).order_by()
    by_month = settled.annotate(month=TruncMonth("settled_at", tzinfo=_zone())).values("month")
    rows = by_month.annotate(
        number=Count("pk"),
        looks=Count("first_looked_at"),
        look=Median(F("first_looked_at") - F("opened_at")),
        decision=Median(F("settled_at") - F("opened_at")),
    )
    waits: dict[date, dict[str, timedelta]] = {}
    for row in rows:
        told = waits[row["month"].date()] = {}
        if row["looks"] >= FEWEST:
            told["look"] = row["look"]
        if row["number"] >= FEWEST:
            told["decision"] = row["decision"]
    return waits


def _lines(counts: Counter[str], waits: dict[str, timedelta] | None) -> list[Line]:
    settled = sum(number for name, number in counts.items() if name.startswith("outcome:"))
    sanctions = sum(number for name, number in counts.items() if name.startswith("sanction:"))
    lines = [
        Line("Reports", few(counts["reports"])),
        Line("Cases settled", few(settled)),
        *_parts(counts, "outcome", OUTCOMES),
        Line("Posts removed by staff", few(counts["removals"])),
        Line("Posts restored by staff", few(counts["restored"])),
        Line("Warnings, silences, suspensions", few(sanctions)),
        *_parts(counts, "sanction", Sanction.Kind.choices),
        Line("Appeals", few(counts["appeals"])),
        *_parts(counts, "decision", Appeal.Decision.choices),
    ]
    for name, words in (
        ("look", "Half of the cases were looked at within"),
        ("decision", "Half were settled within"),
    ):
        if waits and name in waits:
            lines.append(Line(words, about(waits[name])))
    return lines


def _parts(counts: Counter[str], kind: str, choices: Iterable[tuple[str, Any]]) -> list[Line]:
    """A part is told only where all of them are: with one left small, the sum would give it away."""
    parts = [(str(label), counts[f"{kind}:{value}"]) for value, label in choices]
    told = [(label, number) for label, number in parts if number]
    if not told or any(number < FEWEST for _, number in told):
        return []
    return [Line(label, few(number), is_part=True) for label, number in told]


def _is_earlier(moment: datetime) -> bool:
    return (
        Report.objects.filter(reported_at__lt=moment).exists()
        or LogEntry.objects.filter(act="remove", at__lt=moment).exists()
        or Sanction.objects.filter(at__lt=moment).exists()
    )


def _zone() -> ZoneInfo:
    """Months are those of the community, for every reader."""
    return ZoneInfo(settings.TIME_ZONE)


def _this_month() -> date:
    return timezone.localtime(timezone=_zone()).date().replace(day=1)


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _previous(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)
