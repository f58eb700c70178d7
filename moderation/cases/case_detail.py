"""The page of a case as staff see it: the reported text, the reports and messages, and the history."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from accounts.models.log_entry import LogEntry
from core.diffs.word_diff import Piece, word_diff
from forum.models import Post, Revision
from forum.quotes.display import might_have_quotes, quotes_in, revision_key
from forum.topic_page.page import post_actions, topic_actions
from moderation.cases.appeal import is_allowed_to_decide
from moderation.cases.claim import is_claimed_by_other
from moderation.cases.notices import appeal_of
from moderation.cases.reveal_reporter import revealed_to
from moderation.cases.timeline import TimelineEntry, timeline
from moderation.models import Appeal, Case, CaseEvent, Mute, Report
from moderation.models.case import CaseQuerySet

EARLIER_SHOWN = 5
REVISIONS_SHOWN = 5


def format_weight(weight: Decimal) -> str:
    """Returns 2.50 as 2.5."""
    return f"{weight.normalize():f}"


@dataclass(frozen=True)
class ReportLine:
    """A report and the messages between staff and its reporter."""

    report: Report
    messages: list[CaseEvent]
    reporter: User | None  # set if the reader has revealed who it is
    mute: Mute | None

    @property
    def resolved_before(self) -> int:
        return self.report.upheld_before + self.report.dismissed_before

    @property
    def is_often_dismissed(self) -> bool:
        return is_often_dismissed_count(self.report.upheld_before, self.report.dismissed_before)


def is_often_dismissed_count(upheld: int, dismissed: int) -> bool:
    """Whether so many reports were dismissed that staff should know: at least five, and three for each upheld one."""
    return dismissed >= 5 and dismissed >= 3 * upheld


@dataclass(frozen=True)
class ShownText:
    """A revision of the post as this reader sees it."""

    number: int
    written_at: datetime
    html: str
    body: str  # its source


@dataclass(frozen=True)
class CaseDetail:
    case: Case
    appeal: Appeal | None
    reported: ShownText
    current: ShownText
    other_revisions: list[ShownText]  # other revisions that later reports are about
    reports: list[ReportLine]
    notes: list[CaseEvent]
    changes: list[Piece] | None  # since the first report
    earlier_cases: list[Case]  # about the same author, newest first
    other_case_count: int
    other_violation_count: int
    timeline_entries: list[TimelineEntry]
    acts: frozenset[str]
    is_mine: bool
    is_claimed_by_other: bool
    may_decide: bool
    is_resolved_by_reader: bool
    decides_alone: bool  # the person who resolved it decides, since nobody else can

    @property
    def weight(self) -> str:
        return format_weight(sum((line.report.weight for line in self.reports), Decimal(0)))


@dataclass
class _Loaded:
    """What is loaded of a case, with one query each."""

    reports: list[Report]
    events: list[CaseEvent]
    entries: list[LogEntry]
    messages: dict[int, list[CaseEvent]] = field(default_factory=lambda: defaultdict(list))


def case_detail_for(case: Case, person: User) -> CaseDetail:
    """Loads everything on the page of a case. The number of queries does not grow with its reports."""
    post = case.post
    loaded = _load(case)
    numbers = {case.revision, *(report.revision for report in loaded.reports)}
    texts = _texts(_revisions(post, case.revision, numbers), person)
    reported, current = texts[case.revision], texts[post.version]
    author_cases = Case.objects.visible_to(person).filter(author=case.author_id).exclude(pk=case.pk)
    appeal = appeal_of(case)
    is_pending = appeal is not None and not appeal.is_decided
    may_decide = is_pending and is_allowed_to_decide(person, case)
    return CaseDetail(
        case=case,
        appeal=appeal,
        reported=reported,
        current=current,
        other_revisions=[texts[n] for n in sorted(numbers - {case.revision}) if n in texts],
        reports=_report_lines(case, loaded, person),
        notes=[event for event in loaded.events if event.kind == CaseEvent.Kind.NOTE],
        changes=None if reported is current else word_diff(reported.body, current.body),
        earlier_cases=list(_newest_first(author_cases)[:EARLIER_SHOWN]),
        other_case_count=author_cases.count(),
        other_violation_count=author_cases.breaches().count(),
        timeline_entries=timeline(case, loaded.reports, loaded.events, loaded.entries),
        # Reporting is pointless here, and the actions of every reader are offered in the topic.
        acts=(post_actions(post, person) | topic_actions(post.topic, person))
        - {"report", "quote", "thank", "save"},
        is_mine=case.is_claimed and case.claimed_by_id == person.pk,
        is_claimed_by_other=is_claimed_by_other(case, person),
        may_decide=may_decide,
        is_resolved_by_reader=case.resolved_by_id == person.pk,
        decides_alone=may_decide and case.resolved_by_id == person.pk,
    )


def _load(case: Case) -> _Loaded:
    entries = LogEntry.objects.filter(target_kind="post", target_id=case.post_id).select_related("by")
    loaded = _Loaded(
        # The page does not show who the reporters are, so they are not loaded.
        reports=list(case.reports.defer("reporter").select_related("rule")),
        events=list(case.events.select_related("by", "report").defer("report__reporter").order_by("pk")),
        entries=list(entries.order_by("pk")),
    )
    for event in loaded.events:
        if event.kind in (CaseEvent.Kind.TO_REPORTER, CaseEvent.Kind.FROM_REPORTER) and event.report_id:
            loaded.messages[event.report_id].append(event)
    return loaded


def _report_lines(case: Case, loaded: _Loaded, person: User) -> list[ReportLine]:
    has_revealed = any(
        event.kind == CaseEvent.Kind.REVEALED and event.by_id == person.pk for event in loaded.events
    )
    reporters = revealed_to(person, case) if has_revealed else {}
    mutes = _active_mutes(case)
    return [
        ReportLine(report, loaded.messages[report.pk], reporters.get(report.number), mutes.get(report.pk))
        for report in loaded.reports
    ]


def _active_mutes(case: Case) -> dict[int, Mute]:
    """Returns the active mutes of the reporters of this case, by report, even if another case led to them."""
    active = Mute.objects.filter(until__gt=timezone.now(), lifted_at=None)
    reporters = Report.objects.filter(case=case).values("reporter")
    rows = active.filter(member__in=reporters).select_related("muted_by")
    by_member = {mute.member_id: mute for mute in rows}
    if not by_member:
        return {}
    reports = Report.objects.filter(case=case, reporter__in=by_member).values_list("pk", "reporter")
    return {pk: by_member[reporter] for pk, reporter in reports}


def _newest_first(cases: CaseQuerySet) -> CaseQuerySet:
    return cases.select_related("post__topic").defer("post__body", "post__html").order_by("-pk")


def _revisions(post: Post, first: int, numbers: set[int]) -> dict[int, Revision]:
    """Returns these revisions of the post and the current one by number, at most a few beside the first. Most posts
    were never edited."""
    revisions = {post.version: Revision.current(post)}
    wanted = [first, *sorted(numbers - revisions.keys() - {first})[:REVISIONS_SHOWN]]
    if wanted:
        rows = post.revisions.filter(number__in=wanted)
        revisions |= {revision.number: revision for revision in rows}
    return revisions


def _texts(revisions: dict[int, Revision], person: User) -> dict[int, ShownText]:
    """Returns the texts with the quotes that this person can read."""
    keys = {number: revision_key(revision) for number, revision in revisions.items()}
    quotes = quotes_in(
        [keys[n] for n, revision in revisions.items() if might_have_quotes(revision.body)], person
    )
    return {
        n: ShownText(
            n,
            revision.written_at,
            quotes.fill(keys[n], revision.html),
            quotes.hide_in(keys[n], revision.body),
        )
        for n, revision in revisions.items()
    }
