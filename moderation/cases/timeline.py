"""The history of a case: one list of everything that happened, in order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import User
from accounts.models.log_entry import LogEntry
from moderation.cases.notices import appeal_of
from moderation.models import Case, CaseEvent, Report

Kind, Outcome = CaseEvent.Kind, Case.Outcome

# The text of these is shown elsewhere on the same page.
TEXT_SHOWN_ELSEWHERE = {Kind.TO_REPORTER, Kind.FROM_REPORTER, Kind.NOTE}

RESOLVED = {
    Outcome.NO_VIOLATION: gettext_lazy("{name} resolved the case (no violation)"),
    Outcome.WARNED: gettext_lazy("{name} resolved the case (member warned)"),
    Outcome.EDITED: gettext_lazy("{name} resolved the case (post edited)"),
    Outcome.REMOVED: gettext_lazy("{name} resolved the case (post removed)"),
    Outcome.CLOSED: gettext_lazy("{name} resolved the case (topic closed)"),
    Outcome.SUSPENDED: gettext_lazy("{name} resolved the case (member suspended)"),
    Outcome.UPHELD: gettext_lazy("{name} resolved the case (upheld)"),
}
EVENTS = {
    Kind.CLAIMED: gettext_lazy("{name} claimed the case"),
    Kind.TAKEN_OVER: gettext_lazy("{name} took over the case"),
    Kind.RELEASED: gettext_lazy("{name} released the case"),
    Kind.AUTO_HIDDEN: gettext_lazy("The post was hidden automatically, pending review"),
    Kind.NOTE: gettext_lazy("{name} added a staff note"),
    Kind.TO_REPORTER: gettext_lazy("{name} wrote to reporter {number}"),
    Kind.FROM_REPORTER: gettext_lazy("Reporter {number} replied"),
    Kind.REVEALED: gettext_lazy("{name} revealed the identity of reporter {number}"),
    Kind.MUTED: gettext_lazy("{name} muted reporter {number}"),
    Kind.UNMUTED: gettext_lazy("{name} unmuted reporter {number}"),
}
# Every action in the audit log whose target is a post.
ON_POST = {
    "edit": gettext_lazy("{name} edited the post"),
    "highlight": gettext_lazy("{name} highlighted the post"),
    "unhighlight": gettext_lazy("{name} removed the highlight from the post"),
    "remove": gettext_lazy("{name} removed the post"),
    "restore": gettext_lazy("{name} restored the post"),
    "leave_to_author": gettext_lazy("{name} changed the removal back to a deletion by the author"),
    "unfold": gettext_lazy("{name} set the post to always show"),
    "fold": gettext_lazy("{name} collapsed the post again"),
    "hide_revision": gettext_lazy("{name} hid an earlier revision of the post"),
    "show_revision": gettext_lazy("{name} restored a hidden revision of the post"),
    "let_in": gettext_lazy("{name} approved the post"),
}


@dataclass(frozen=True)
class TimelineEntry:
    at: datetime
    sentence: SafeString  # a whole sentence
    reason: str = ""
    is_step: bool = False  # a step of the case itself


def timeline(
    case: Case, reports: Iterable[Report], events: Iterable[CaseEvent], entries: Iterable[LogEntry]
) -> list[TimelineEntry]:
    timeline_entries = [*_of_case(case), *_of_reports(reports), *_of_events(events), *_of_log(entries)]
    return sorted(timeline_entries, key=lambda entry: entry.at)


def _of_case(case: Case) -> Iterator[TimelineEntry]:
    yield TimelineEntry(case.opened_at, _sentence(_("The case was opened")), is_step=True)
    if case.resolved_at:
        sentence = _sentence(str(RESOLVED[Outcome(case.outcome)]), case.resolved_by)
        yield TimelineEntry(case.resolved_at, sentence, case.note, is_step=True)
    if appeal := appeal_of(case):
        yield TimelineEntry(appeal.made_at, _sentence(_("The author appealed")), is_step=True)
        if appeal.decided_at:
            decision = (
                _("{name} granted the appeal") if appeal.is_granted else _("{name} upheld the decision")
            )
            yield TimelineEntry(
                appeal.decided_at, _sentence(decision, appeal.decided_by), appeal.answer, is_step=True
            )


def _of_reports(reports: Iterable[Report]) -> Iterator[TimelineEntry]:
    sentence = _("Reporter {number} reported the post")
    for report in reports:
        yield TimelineEntry(report.reported_at, _sentence(sentence, number=report.number))


def _of_events(events: Iterable[CaseEvent]) -> Iterator[TimelineEntry]:
    for event in events:
        number = event.report.number if event.report else None
        sentence = _sentence(str(EVENTS[Kind(event.kind)]), event.by, number)
        yield TimelineEntry(event.at, sentence, "" if event.kind in TEXT_SHOWN_ELSEWHERE else event.text)


def _of_log(entries: Iterable[LogEntry]) -> Iterator[TimelineEntry]:
    for entry in entries:
        sentence = str(ON_POST[entry.act]) if entry.act in ON_POST else _("{name} changed the post")
        yield TimelineEntry(entry.at, _sentence(sentence, entry.by), entry.why)


def _sentence(sentence: str, person: User | None = None, number: int | None = None) -> SafeString:
    """Returns the sentence with the person's name in <bdi>."""
    name = format_html("<bdi>{}</bdi>", person.name) if person else ""
    return format_html(sentence, name=name, number=number)
