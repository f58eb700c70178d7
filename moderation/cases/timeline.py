"""A case from its beginning to where it stands, as one list of what happened."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.models.log_entry import LogEntry
from moderation.cases.notices import appeal_of
from moderation.log.entries import ACTS
from moderation.models import Case, CaseEvent, Report

# What was said stands where it was said, on the same page.
SAID = {CaseEvent.Kind.TO_REPORTER, CaseEvent.Kind.FROM_REPORTER, CaseEvent.Kind.NOTE}


@dataclass(frozen=True)
class Moment:
    at: datetime
    deed: str
    by: User | None = None
    why: str = ""
    mark: bool = False  # a step of the case itself


def timeline(
    case: Case, reports: Iterable[Report], events: Iterable[CaseEvent], entries: Iterable[LogEntry]
) -> list[Moment]:
    moments = [*_of_case(case), *_of_reports(reports), *_of_events(events), *_of_record(entries)]
    return sorted(moments, key=lambda moment: moment.at)


def _of_case(case: Case) -> Iterator[Moment]:
    yield Moment(case.opened_at, "The case was opened", mark=True)
    if case.settled_at:
        yield Moment(
            case.settled_at,
            f"settled the case: {case.get_outcome_display().lower()}",
            case.settled_by,
            case.note,
            mark=True,
        )
    if appeal := appeal_of(case):
        yield Moment(appeal.made_at, "The author appealed", mark=True)
        if appeal.decided_at:
            granted = "granted the appeal" if appeal.is_granted else "decided that the outcome stands"
            yield Moment(appeal.decided_at, granted, appeal.decided_by, appeal.answer, mark=True)


def _of_reports(reports: Iterable[Report]) -> Iterator[Moment]:
    for report in reports:
        yield Moment(report.reported_at, f"Reporter {report.number} reported the post")


def _of_events(events: Iterable[CaseEvent]) -> Iterator[Moment]:
    for event in events:
        deed = str(event.get_kind_display())
        if event.report:
            deed = deed.replace("the reporter", f"reporter {event.report.number}")
        if not event.by_id:
            deed = deed[0].upper() + deed[1:]
        yield Moment(event.at, deed, event.by, "" if event.kind in SAID else event.text)


def _of_record(entries: Iterable[LogEntry]) -> Iterator[Moment]:
    for entry in entries:
        yield Moment(entry.at, ACTS.get(entry.act, entry.act), entry.by, entry.why)
