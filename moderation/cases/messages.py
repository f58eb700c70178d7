"""Anonymous messages between staff and a reporter about a case, and notes for staff only."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access.actor import reload_and_lock
from accounts.models import User
from accounts.rate_limiting import rate_counter
from forum.access.require import require
from moderation.access.locks import lock_case_for_staff
from moderation.access.permissions import can_resolve, can_write_to_staff
from moderation.cases.claim import claim_or_renew
from moderation.cases.notices import readable_title
from moderation.models import Case, CaseEvent, Report
from notifications.inbox.notify import notify

REPLY_LIMIT = rate_counter.Limit("answer_staff", 20, 3600)

Kind = CaseEvent.Kind


@transaction.atomic
def write_to_reporter(*, report: Report, by: User, text: str) -> CaseEvent:
    """Sends a message to the reporter. If the case is open, this claims it."""
    case = lock_case_for_staff(report.case_id, by=by)
    if case.is_open:
        claim_or_renew(case, by=by)
    message = _("Moderators wrote to you about your report. They do not see your name.")
    if title := readable_title(case, report.reporter):
        message = _(
            "Moderators wrote to you about your report on a post in “%(topic)s”. They do not see your name."
        ) % {"topic": title}
    notify(member=report.reporter, text=message, url=report.get_absolute_url())
    return CaseEvent.objects.create(case=case, kind=Kind.TO_REPORTER, by=by, report=report, text=text)


@transaction.atomic
def reply_to_staff(*, report: Report, by: User, text: str) -> CaseEvent:
    """Sends a reply of the reporter while the case is open, or to the latest message of staff."""
    case = Case.objects.locked(report.case_id)
    reload_and_lock(by)
    report.case = case
    require(can_write_to_staff(by, report, last_is_from_staff=last_is_from_staff(report)))
    event = CaseEvent.objects.create(case=case, kind=Kind.FROM_REPORTER, report=report, text=text)
    if recipient := _who_expects_reply(report, case):
        message = _("Reporter %(number)d of case %(case)d replied.") % {
            "number": report.number,
            "case": case.pk,
        }
        notify(member=recipient, text=message, url=case.get_absolute_url())
    rate_counter.count_action(REPLY_LIMIT, by=by)
    return event


@transaction.atomic
def add_note(*, case: Case, by: User, text: str) -> CaseEvent:
    """Adds a note for staff, even if another has claimed the case. It renews the writer’s own claim."""
    case = lock_case_for_staff(case.pk, by=by)
    if case.is_claimed and case.claimed_by_id == by.pk:
        claim_or_renew(case, by=by)
    return CaseEvent.objects.create(case=case, kind=Kind.NOTE, by=by, text=text)


def last_is_from_staff(report: Report) -> bool:
    last_kind = report.events.messages().order_by("-pk").values_list("kind", flat=True).first()
    return last_kind == Kind.TO_REPORTER


def _who_expects_reply(report: Report, case: Case) -> User | None:
    """Returns who has claimed the case, or else who last wrote to the reporter; None if they are no longer staff."""
    if case.is_claimed:
        recipient = case.claimed_by
    else:
        last_message = (
            report.events.filter(kind=Kind.TO_REPORTER).select_related("by").order_by("-pk").first()
        )
        recipient = last_message.by if last_message else None
    return recipient if recipient and can_resolve(recipient, case) else None
