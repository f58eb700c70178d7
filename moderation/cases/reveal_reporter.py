"""Look up who a reporter is. It is an act, with a reason, in the record; the name is shown to whoever looked, and to
nobody else."""

from django.db import transaction

from accounts.access import actor as acting
from accounts.audit.log import record
from accounts.models import User
from forum.access.errors import NotAllowed
from moderation.access.permissions import can_settle
from moderation.models import Case, CaseEvent, Report
from moderation.reports.mute_reporter import called


@transaction.atomic
def unmask_reporter(*, report: Report, by: User, reason: str) -> bool:
    """False when this person has looked before."""
    case = Case.objects.locked(report.case_id)
    acting.hold(by)
    if not can_settle(by, case):
        raise NotAllowed
    _, is_news = CaseEvent.objects.get_or_create(
        case=case, report=report, by=by, kind=CaseEvent.Kind.UNMASKED, defaults={"text": reason}
    )
    if is_news:
        # The record names the number, never the name: others of staff read it.
        record(
            "unmask_reporter",
            by=by,
            target=report,
            name=called(report),
            why=reason,
            topic_id=case.post.topic_id,
            section_id=case.post.topic.section_id,
        )
    return is_news


def names_seen_by(person: User, case: Case) -> dict[int, User]:
    """Of the reporters of this case those that this person looked up, by their number."""
    looked_up = case.events.filter(kind=CaseEvent.Kind.UNMASKED, by=person)
    reports = Report.objects.filter(pk__in=looked_up.values("report")).select_related("reporter")
    return {report.number: report.reporter for report in reports}
