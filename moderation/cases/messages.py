"""Staff and a reporter write to one another about a case, and neither learns a name; and staff leave notes, which stay
among staff."""

from django.db import transaction

from accounts.access import actor as acting
from accounts.models import User
from accounts.rate_limiting import limits as rates
from forum.access.errors import NotAllowed
from moderation.access.permissions import can_answer_staff, can_settle
from moderation.cases.claim import work_on
from moderation.cases.notices import place_of
from moderation.models import Case, CaseEvent, Report
from notifications.inbox.notify import tell

Kind = CaseEvent.Kind


@transaction.atomic
def write_to_reporter(*, report: Report, by: User, text: str) -> CaseEvent:
    """Of an open case, whoever writes has it from now on."""
    case = Case.objects.locked(report.case_id)
    acting.hold(by)
    if not can_settle(by, case):
        raise NotAllowed
    if case.is_open:
        work_on(case, by=by)
    tell(
        member=report.reporter,
        text=f"Moderators wrote to you about your report on a post{place_of(case, report.reporter)}. They do not "
        "see your name.",
        url=report.get_absolute_url(),
    )
    return CaseEvent.objects.create(case=case, kind=Kind.TO_REPORTER, by=by, report=report, text=text)


@transaction.atomic
def answer_staff(*, report: Report, by: User, text: str) -> CaseEvent:
    """The reporter, about their own report, while the case is open, and to what staff wrote last."""
    case = Case.objects.locked(report.case_id)
    acting.hold(by)
    report.case = case
    if not can_answer_staff(by, report, last_is_from_staff=last_is_from_staff(report)):
        raise NotAllowed
    event = CaseEvent.objects.create(case=case, kind=Kind.FROM_REPORTER, report=report, text=text)
    if waits := _who_waits_for(report, case):
        tell(
            member=waits,
            text=f"Reporter {report.number} of case {case.pk} has answered.",
            url=case.get_absolute_url(),
        )
    rates.spend(rates.ANSWERS_TO_STAFF, by=by)
    return event


@transaction.atomic
def leave_note(*, case: Case, by: User, text: str) -> CaseEvent:
    """For other staff, whoever has the case. It renews one's own claim and takes nobody's."""
    case = Case.objects.locked(case.pk)
    acting.hold(by)
    if not can_settle(by, case):
        raise NotAllowed
    if case.is_claimed and case.claimed_by_id == by.pk:
        work_on(case, by=by)
    return CaseEvent.objects.create(case=case, kind=Kind.NOTE, by=by, text=text)


def last_is_from_staff(report: Report) -> bool:
    last = report.events.talk().order_by("-pk").values_list("kind", flat=True).first()
    return last == Kind.TO_REPORTER


def _who_waits_for(report: Report, case: Case) -> User | None:
    """Whoever has the case, or else whoever wrote to them last; of those who have left the staff, nobody."""
    if case.is_claimed:
        waits = case.claimed_by
    else:
        wrote = report.events.filter(kind=Kind.TO_REPORTER).select_related("by").order_by("-pk").first()
        waits = wrote.by if wrote else None
    return waits if waits and can_settle(waits, case) else None
