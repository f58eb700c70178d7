"""What moderation did, by month, for everybody: numbers, and none that is so small that it points at somebody."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import Sanction
from moderation.models import Appeal, Case
from moderation.statistics import monthly_counts as counted

FEWEST = 3  # what is less is said as "fewer than 3"
MONTHS_PER_PAGE = 12
KEPT_FOR = 600  # seconds; the figures of a month move slowly, and many may ask
PAGES_KEPT = 50
OUTCOMES = Case.Outcome.choices
LOOKED_AT = [(one.value, one.label) for one in counted.LOOKED_AT]
# Each is the middle of what was decided in that month.
TIMES = {
    "look": "Half of the cases were looked at within",
    "settled": "Half were settled within",
    "waiting": "Half of the waiting texts were decided about within",
    "decided": "Half of the appeals were decided within",
}


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
    hours, days = minutes // 60, minutes // (60 * 24)
    if days >= 2:
        return ngettext("%d day", "%d days", days) % days
    if hours >= 2:
        return ngettext("%d hour", "%d hours", hours) % hours
    return ngettext("%d minute", "%d minutes", minutes) % minutes if minutes else "less than a minute"


def _make(end: date) -> MonthsPage:
    begins = [end]
    for _ in range(MONTHS_PER_PAGE):
        begins.append(counted.previous(begins[-1]))
    first = begins[-1]
    since, until = (datetime.combine(day, datetime.min.time(), counted.zone()) for day in (first, end))
    counts, waits = counted.counts(since, until), counted.waits(since, until, fewest=FEWEST)
    shown = [
        Month(month, _lines(counts[month], waits.get(month, {})))
        for month in begins[1:]
        if any(counts[month].values())
    ]
    return MonthsPage(shown, first if counted.is_earlier(since) else None)


def _lines(counts: Counter[str], waits: dict[str, timedelta]) -> list[Line]:
    def line(name: str, *kinds: str) -> Line:
        return Line(name, few(sum(counts[kind] for kind in kinds)))

    def whole(name: str, kind: str, choices: Iterable[tuple[str, Any]]) -> list[Line]:
        choices = list(choices)
        return [line(name, *(f"{kind}:{value}" for value, _ in choices)), *_parts(counts, kind, choices)]

    return [
        line("Reports", "reports"),
        line("Posts hidden until staff had looked", "held"),
        *whole("Cases settled", "outcome", OUTCOMES),
        *whole("Texts that waited for approval", "waiting", LOOKED_AT),
        line("Posts removed by staff", "act:remove", "act:remove_everything"),
        line("Posts restored by staff", "act:restore", "act:restore_everything"),
        line("Posts edited by staff", "act:edit"),
        line("Earlier texts hidden by staff", "act:hide_revision"),
        line("Topics closed", "act:close"),
        line("Topics opened again", "act:reopen"),
        line("Topics removed", "act:remove_topic"),
        line("Topics restored", "act:restore_topic"),
        *whole("Warnings, silences, suspensions", "sanction", Sanction.Kind.choices),
        line("Sanctions lifted before their end", "act:lift_sanction"),
        line("Appeals", "appeals"),
        *whole("Appeals decided", "decision", Appeal.Decision.choices),
        *(Line(words, about(waits[kind])) for kind, words in TIMES.items() if kind in waits),
    ]


def _parts(counts: Counter[str], kind: str, choices: Iterable[tuple[str, Any]]) -> list[Line]:
    """A part is told only where all of them are: with one left small, the sum would give it away."""
    parts = [(str(label), counts[f"{kind}:{value}"]) for value, label in choices]
    told = [(label, number) for label, number in parts if number]
    if not told or any(number < FEWEST for _, number in told):
        return []
    return [Line(label, few(number), is_part=True) for label, number in told]


def _this_month() -> date:
    return timezone.localtime(timezone=counted.zone()).date().replace(day=1)


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
