"""Counts of moderation actions by month, in the time zone of the community. transparency_page.py decides which of them
are published."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Func, IntegerField, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from accounts.models import LogEntry, Sanction
from forum.models import PendingPost
from moderation.models import Appeal, Case, Report
from moderation.statistics.response_times import Median

# Posts that their author withdrew were not decided about.
DECIDED_OUTCOMES = (PendingPost.Outcome.LET_IN, PendingPost.Outcome.REFUSED)
COUNTED_ACTIONS = (
    "remove",
    "restore",
    "edit",
    "hide_revision",
    "close",
    "reopen",
    "remove_topic",
    "restore_topic",
    "lift_sanction",
)
# Actions on many posts, and where their log entry lists the posts.
BULK_ACTIONS = {"remove_everything": "facts__after__posts", "restore_everything": "facts__before__posts"}

Rows = QuerySet[Any]
Counts = dict[date, Counter[str]]


def counts(since: datetime, until: datetime) -> Counts:
    """Returns the counts of each month by kind, such as `reports`, or `outcome:removed` if a kind has parts."""
    counted: Counts = {month: Counter() for month in _months(since, until)}

    def add(kind: str, rows: Rows, moment: str, by: str = "", of: Any = None) -> None:
        rows_by_month = _by_month(rows, moment, since, until).values("month", *([by] if by else []))
        for row in rows_by_month.annotate(number=of or Count("pk")):
            counted[row["month"].date()][f"{kind}:{row[by]}" if by else kind] += row["number"]

    add("reports", Report.objects.all(), "reported_at")
    add("held", Case.objects.all(), "auto_hidden_at")
    add("outcome", Case.objects.settled(), "resolved_at", by="outcome")
    add("waiting", _decided_pending_posts(), "resolved_at", by="outcome")
    add("act", LogEntry.objects.filter(act__in=COUNTED_ACTIONS), "at", by="act")
    for act, posts_field in BULK_ACTIONS.items():
        add("act", LogEntry.objects.filter(act=act), "at", by="act", of=_total_listed(posts_field))
    add("sanction", Sanction.objects.all(), "at", by="kind")
    add("appeals", Appeal.objects.all(), "made_at")
    add("decision", Appeal.objects.exclude(decided_at=None), "decided_at", by="decision")
    return counted


def median_waits(since: datetime, until: datetime, *, minimum: int) -> dict[date, dict[str, timedelta]]:
    """Returns the median waiting times, by the month in which the wait ended. Kinds with fewer than `minimum` cases are
    left out, since they could identify people."""
    medians: dict[date, dict[str, timedelta]] = {}

    def add(kind: str, rows: Rows, end_field: str, start_field: str, counted_field: str = "") -> None:
        moment = counted_field or end_field
        rows_by_month = _by_month(rows, end_field, since, until).values("month")
        for row in rows_by_month.annotate(number=Count(moment), median=Median(F(moment) - F(start_field))):
            if row["number"] >= minimum:
                medians.setdefault(row["month"].date(), {})[kind] = row["median"]

    add("look", Case.objects.settled(), "resolved_at", "opened_at", counted_field="first_response_at")
    add("settled", Case.objects.settled(), "resolved_at", "opened_at")
    add("waiting", _decided_pending_posts(), "resolved_at", "sent_at")
    add("decided", Appeal.objects.all(), "decided_at", "made_at")
    return medians


def has_earlier(moment: datetime) -> bool:
    """Whether there is anything to count before that time."""
    acts = LogEntry.objects.filter(act__in=[*COUNTED_ACTIONS, *BULK_ACTIONS], at__lt=moment)
    return (
        Report.objects.filter(reported_at__lt=moment).exists()
        or acts.exists()
        or Sanction.objects.filter(at__lt=moment).exists()
        or _decided_pending_posts().filter(resolved_at__lt=moment).exists()
    )


def community_zone() -> ZoneInfo:
    """Returns the time zone of the community, which defines the months for all readers."""
    return ZoneInfo(settings.TIME_ZONE)


def previous_month(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _months(since: datetime, until: datetime) -> Iterator[date]:
    month = previous_month(until.date())
    while month >= since.date():
        yield month
        month = previous_month(month)


def _by_month(rows: Rows, moment: str, since: datetime, until: datetime) -> Rows:
    rows_in_period = rows.filter(Q((f"{moment}__gte", since), (f"{moment}__lt", until)))
    return rows_in_period.order_by().annotate(month=TruncMonth(moment, tzinfo=community_zone()))


def _decided_pending_posts() -> QuerySet[PendingPost]:
    return PendingPost.objects.filter(outcome__in=DECIDED_OUTCOMES)


def _total_listed(posts_field: str) -> Sum:
    return Sum(Func(F(posts_field), function="jsonb_array_length", output_field=IntegerField()))
