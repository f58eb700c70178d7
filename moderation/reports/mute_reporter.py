"""Mute a reporter, so that they cannot report posts for a time. Staff mute a numbered reporter of a case and do not see
the name; the member is notified with the reason."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.web.times import format_time
from forum.access.audit_log import record_on
from forum.access.require import require
from moderation.access.errors import ReportsMuted
from moderation.access.locks import lock_case_for_staff
from moderation.access.permissions import can_resolve
from moderation.models import Case, CaseEvent, Mute, Report
from notifications.inbox.notify import notify

MUTED_FOR = timedelta(days=30)


def active_mute(member: User) -> Mute | None:
    """Returns the member’s active mute."""
    return Mute.objects.filter(member=member, until__gt=timezone.now(), lifted_at=None).first()


def require_not_muted(member: User) -> None:
    if mute := active_mute(member):
        raise ReportsMuted(mute)


@transaction.atomic
def mute_reporter(*, report: Report, by: User, reason: str) -> Mute:
    """Mutes the reporter for 30 days. Returns the active mute if there is one."""
    case = Case.objects.locked(report.case_id)
    # The member’s row is locked because two cases can have the same reporter.
    by, member = User.objects.locked_both(by, report.reporter)
    require(can_resolve(by, case) and member != by)
    if mute := active_mute(member):
        return mute
    now = timezone.now()
    mute = Mute.objects.create(
        member=member, because_of=report, muted_by=by, muted_at=now, until=now + MUTED_FOR, reason=reason
    )
    _add_event(CaseEvent.Kind.MUTED, report, by, reason)
    name = reporter_label(report)
    record_on("mute_reporter", case.post, target=report, name=name, by=by, reason=reason)
    with timezone.override(member.zone):
        until = format_time(mute.until)
    notify(
        member=member,
        text=_("You can’t report posts until %(time)s. Reason: %(reason)s")
        % {"time": until, "reason": reason},
        url="",
    )
    return mute


@transaction.atomic
def unmute_reporter(*, mute: Mute, by: User) -> bool:
    """Ends the mute. Returns False if it has already ended."""
    case = lock_case_for_staff(mute.because_of.case_id, by=by)
    mute = Mute.objects.select_related("because_of", "member").get(pk=mute.pk)
    if mute.lifted_at or mute.until <= timezone.now():
        return False
    mute.lifted_at, mute.lifted_by = timezone.now(), by
    mute.save(update_fields=["lifted_at", "lifted_by"])
    _add_event(CaseEvent.Kind.UNMUTED, mute.because_of, by, "")
    report = mute.because_of
    record_on("unmute_reporter", case.post, target=report, name=reporter_label(report), by=by)
    notify(member=mute.member, text=_("You can report posts again."))
    return True


def reporter_label(report: Report) -> str:
    """Returns the name of the reporter for staff. The audit log stores it."""
    return _("reporter %(number)d of case %(case)d") % {"number": report.number, "case": report.case_id}


def _add_event(kind: CaseEvent.Kind, report: Report, by: User, reason: str) -> None:
    CaseEvent.objects.create(case_id=report.case_id, kind=kind, by=by, report=report, text=reason)
