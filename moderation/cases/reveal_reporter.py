"""Reveal who a reporter is. This is logged with a reason, and only the person who revealed it sees the name."""

from django.db import transaction

from accounts.models import User
from forum.access.audit_log import record_on
from moderation.access.locks import lock_case_for_staff
from moderation.models import Case, CaseEvent, Report
from moderation.reports.mute_reporter import reporter_label


@transaction.atomic
def reveal_reporter(*, report: Report, by: User, reason: str) -> bool:
    """Returns False if this person has revealed the reporter before."""
    case = lock_case_for_staff(report.case_id, by=by)
    _, is_new = CaseEvent.objects.get_or_create(
        case=case, report=report, by=by, kind=CaseEvent.Kind.REVEALED, defaults={"text": reason}
    )
    if is_new:
        # Other staff read the log, so it has the number and never the name.
        name = reporter_label(report)
        record_on("unmask_reporter", case.post, target=report, name=name, by=by, reason=reason)
    return is_new


def revealed_to(person: User, case: Case) -> dict[int, User]:
    """Returns the reporters of this case that this person has revealed, by number."""
    revealed = case.events.filter(kind=CaseEvent.Kind.REVEALED, by=person)
    reports = Report.objects.filter(pk__in=revealed.values("report")).select_related("reporter")
    return {report.number: report.reporter for report in reports}
