"""The audit log as staff read it: which entries they can see, filtered and in pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Person, Rule, User
from accounts.models.log_entry import LogEntry
from core.web.keyset_pagination import ROWS_PER_PAGE, RowsPage
from moderation.models import Case, Report


@dataclass(frozen=True)
class LogFilters:
    """The filters of the log. An empty one filters nothing."""

    act: str = ""
    by: str = ""  # the name of the member of staff
    about: str = ""  # the name of the member it is about
    topic: int | None = None
    section: int | None = None
    rule: int | None = None  # its key, which is the same in every version of the rules
    month: date | None = None  # its first day


def visible_entries(person: Person, filters: LogFilters | None = None) -> QuerySet[LogEntry]:
    """Returns the entries that this member of staff can see, newest first.

    Entries about cases of their own posts are left out: authors must not learn who reported them. Moderators of some
    sections see the entries of those sections."""
    if not person.is_staff:
        return LogEntry.objects.none()
    own_cases = Case.objects.filter(author=person).values("pk")
    entries = LogEntry.objects.exclude(target_kind="case", target_id__in=own_cases)
    own_reports = Report.objects.filter(case__in=own_cases).values("pk")
    entries = entries.exclude(target_kind="report", target_id__in=own_reports)
    section_ids = moderated_section_ids(person)
    if section_ids is not None:
        entries = entries.filter(section_id__in=section_ids)
    for condition in _conditions(filters or LogFilters()):
        entries = entries.filter(condition)
    return entries.order_by("-at", "-pk").select_related("by", "member", "rule", "undone_by__by")


def moderated_section_ids(person: Person) -> list[int] | None:
    """Returns the ids of the sections that a person moderates, or None for all."""
    return person.moderates if person.is_authenticated and person.is_limited else None


def log_page(entries: QuerySet[LogEntry], *, before: int | None) -> RowsPage:
    """Returns a page of `visible_entries`, starting after the entry with the id `before`. Entries are ordered by
    time, then by id."""
    last = LogEntry.objects.filter(pk=before).first() if before else None
    if last:
        entries = entries.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk), at__lte=last.at)
    rows = list(entries[: ROWS_PER_PAGE + 1])
    page_rows = rows[:ROWS_PER_PAGE]
    return RowsPage(page_rows, page_rows[-1].pk if len(rows) > ROWS_PER_PAGE else None, before is None)


def _conditions(filters: LogFilters) -> Iterator[Q]:
    if filters.act:
        yield Q(act=filters.act)
    if filters.by:
        yield Q(by__in=_member_ids(filters.by))
    if filters.about:
        yield Q(member__in=_member_ids(filters.about))
    if filters.topic:
        yield Q(topic_id=filters.topic)
    if filters.section:
        yield Q(section_id=filters.section)
    if filters.rule:
        yield Q(rule__in=list(Rule.objects.filter(key=filters.rule).values_list("pk", flat=True)))
    if filters.month:
        begins, ends = month_bounds(filters.month)
        yield Q(at__gte=begins, at__lt=ends)


def _member_ids(name: str) -> list[int]:
    """Returns the id of the member with this name or former name. A separate query has a better plan than a join."""
    person = User.objects.by_name_or_email(name) if "@" not in name else None
    return [person.pk] if person else []


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """Returns when a month begins and ends, in the active time zone."""
    first = month.replace(day=1)
    next_month = (first + timedelta(days=32)).replace(day=1)
    zone = timezone.get_current_timezone()
    begins, ends = (datetime.combine(day, time.min, zone) for day in (first, next_month))
    return begins, ends
