"""Who can see and resolve a case, and who can do what to a member. `Case.objects.visible_to` is the rule for lists."""

from django.utils import timezone

from accounts.access.permissions import can_act_on_account, outranks
from accounts.models import Person, Sanction, User, is_member
from forum.access.permissions import is_staff_in
from moderation.models import Case, Report
from moderation.models.appeal import APPEAL_PERIOD


def can_see_case(person: Person, case: Case) -> bool:
    """Staff of its section, except for cases about their own posts: authors must not learn who reported them."""
    return is_staff_in(person, case.post.topic.section) and case.author_id != person.pk


def can_resolve(person: Person, case: Case) -> bool:
    return can_see_case(person, case)


def can_see_report(person: Person, report: Report) -> bool:
    """Members can see their own reports."""
    return is_member(person) and report.reporter_id == person.pk


def can_write_to_staff(person: Person, report: Report, *, last_is_from_staff: bool) -> bool:
    """Reporters can write while the case is open. Afterwards they can only reply to a message of staff."""
    return can_see_report(person, report) and (report.case.is_open or last_is_from_staff)


def can_appeal(person: Person, case: Case) -> bool:
    """The author of the post can appeal once, within 30 days, if action was taken. Suspended members can too."""
    if not person.is_authenticated or not person.is_active or case.author_id != person.pk:
        return False
    if case.resolved_at is None or case.outcome == Case.Outcome.NO_VIOLATION or hasattr(case, "appeal"):
        return False
    return timezone.now() < case.resolved_at + APPEAL_PERIOD


def can_decide_appeal(person: Person, case: Case, *, others: int) -> bool:
    """Staff cannot decide an appeal against their own decision, unless there are no `others` who could."""
    return can_see_case(person, case) and (case.resolved_by_id != person.pk or others == 0)


def can_warn(person: Person, member: User) -> bool:
    """Includes moderators of some sections, because a warning restricts nothing."""
    return outranks(person, member)


def can_sanction(person: Person, member: User, kind: str) -> bool:
    return can_warn(person, member) if kind == Sanction.Kind.WARNING else can_act_on_account(person, member)


def can_lift(person: Person, sanction: Sanction) -> bool:
    """Anyone who could have imposed it. Only admins can lift what an admin imposed."""
    if sanction.by.role == User.Role.ADMIN and not (person.is_authenticated and person.is_admin):
        return False
    return can_sanction(person, sanction.member, sanction.kind)


def can_read_notes(person: Person, member: User) -> bool:
    """Staff can read notes about members, and admins those about staff. No one can read notes about themselves."""
    return outranks(person, member)


def can_look_up_ip_or_email(person: Person) -> bool:
    """Staff of all sections can look up IP addresses and email addresses."""
    return person.is_authenticated and person.is_staff and not person.is_limited
