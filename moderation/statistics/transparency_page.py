"""The public transparency report: moderation actions by month, without numbers so small that they identify people."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from cachetools import TTLCache, cached
from django.utils import timezone
from django.utils.translation import get_language, gettext as _, gettext_lazy, ngettext

from accounts.models import Sanction
from moderation.models import Appeal, Case
from moderation.statistics import monthly_counts

SMALLEST_SHOWN = 3  # smaller numbers are shown as "fewer than 3"
MONTHS_PER_PAGE = 12
CACHE_SECONDS = 600  # seconds; the numbers change slowly, and the page is public
CACHED_PAGES_MAX = 50
OUTCOMES = Case.Outcome.choices
REVIEW_OUTCOMES = [(outcome.value, outcome.label) for outcome in monthly_counts.DECIDED_OUTCOMES]
# Medians of what was decided in that month.
MEDIAN_LABELS = {
    "look": gettext_lazy("Median time to first response"),
    "settled": gettext_lazy("Median time to resolution"),
    "waiting": gettext_lazy("Median time to review pending posts"),
    "decided": gettext_lazy("Median time to decide appeals"),
}


@dataclass(frozen=True)
class CountLine:
    """One number of a month, with its label."""

    name: str
    value: str
    is_part: bool = False  # of the line before it


@dataclass(frozen=True)
class Month:
    begins: date
    lines: list[CountLine]


@dataclass(frozen=True)
class MonthsPage:
    months: list[Month]  # newest first, without empty months
    before: date | None  # the start of the next page, with earlier months


def months(before: date | None = None) -> MonthsPage:
    """Returns the months before that one, or the newest months. The result can be ten minutes old."""
    return months_until(before or _next(_this_month()), get_language())


def format_count(number: int) -> str:
    return (
        _("fewer than %(number)d") % {"number": SMALLEST_SHOWN} if number < SMALLEST_SHOWN else f"{number:,}"
    )


def format_duration(duration: timedelta | None) -> str:
    """Returns the duration in days, hours or minutes, whichever fits best."""
    minutes = max(0, int(duration.total_seconds() // 60)) if duration else 0
    hours, days = minutes // 60, minutes // (60 * 24)
    if days >= 2:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if hours >= 2:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    if minutes:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    return _("less than a minute")


@cached(TTLCache(CACHED_PAGES_MAX, ttl=CACHE_SECONDS), lock=Lock())
def months_until(end: date, language: str) -> MonthsPage:
    """Returns the months before `end`. `language` is part of the key of the cache: the lines are translated."""
    begins = [end]
    for __ in range(MONTHS_PER_PAGE):
        begins.append(monthly_counts.previous_month(begins[-1]))
    first = begins[-1]
    since, until = (
        datetime.combine(day, datetime.min.time(), monthly_counts.community_zone()) for day in (first, end)
    )
    counts, waits = (
        monthly_counts.counts(since, until),
        monthly_counts.median_waits(since, until, minimum=SMALLEST_SHOWN),
    )
    months = [
        Month(month, _lines(counts[month], waits.get(month, {})))
        for month in begins[1:]
        if any(counts[month].values())
    ]
    return MonthsPage(months, first if monthly_counts.has_earlier(since) else None)


def _lines(counts: Counter[str], waits: dict[str, timedelta]) -> list[CountLine]:
    def line(name: str, *kinds: str) -> CountLine:
        return CountLine(name, format_count(sum(counts[kind] for kind in kinds)))

    def total_with_parts(name: str, kind: str, choices: Iterable[tuple[str, Any]]) -> list[CountLine]:
        choices = list(choices)
        return [line(name, *(f"{kind}:{value}" for value, __ in choices)), *_parts(counts, kind, choices)]

    return [
        line(_("Reports"), "reports"),
        line(_("Posts hidden automatically, pending review"), "held"),
        *total_with_parts(_("Cases resolved"), "outcome", OUTCOMES),
        *total_with_parts(_("Pending posts reviewed"), "waiting", REVIEW_OUTCOMES),
        line(_("Posts removed by staff"), "act:remove", "act:remove_everything"),
        line(_("Posts restored by staff"), "act:restore", "act:restore_everything"),
        line(_("Posts edited by staff"), "act:edit"),
        line(_("Earlier revisions hidden by staff"), "act:hide_revision"),
        line(_("Topics closed"), "act:close"),
        line(_("Topics reopened"), "act:reopen"),
        line(_("Topics removed"), "act:remove_topic"),
        line(_("Topics restored"), "act:restore_topic"),
        *total_with_parts(_("Warnings, silences and suspensions"), "sanction", Sanction.Kind.choices),
        line(_("Sanctions lifted early"), "act:lift_sanction"),
        line(_("Appeals"), "appeals"),
        *total_with_parts(_("Appeals decided"), "decision", Appeal.Decision.choices),
        *(
            CountLine(str(label), format_duration(waits[kind]))
            for kind, label in MEDIAN_LABELS.items()
            if kind in waits
        ),
    ]


def _parts(counts: Counter[str], kind: str, choices: Iterable[tuple[str, Any]]) -> list[CountLine]:
    """Returns the parts of a sum, or nothing if one of them is so small that the sum would reveal it."""
    parts = [(str(label), counts[f"{kind}:{value}"]) for value, label in choices]
    nonzero = [(label, number) for label, number in parts if number]
    if not nonzero or any(number < SMALLEST_SHOWN for __, number in nonzero):
        return []
    return [CountLine(label, format_count(number), is_part=True) for label, number in nonzero]


def _this_month() -> date:
    return timezone.localtime(timezone=monthly_counts.community_zone()).date().replace(day=1)


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
