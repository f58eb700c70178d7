"""Who may see and settle a case, and who may do what about a member. The list rule, Case.objects.visible_to, stands
beside its model."""

from datetime import timedelta

from django.utils import timezone

from accounts.access.permissions import can_act_on_account, outranks
from accounts.models import Person, Sanction, User, is_member
from forum.access.permissions import is_staff_in
from moderation.models import Case, Report

APPEAL_WITHIN = timedelta(days=30)


def can_see_case(person: Person, case: Case) -> bool:
    """Staff of its section, but never a case about their own post: an author does not learn who reported."""
    return is_staff_in(person, case.post.topic.section) and case.author_id != person.pk


def can_settle(person: Person, case: Case) -> bool:
    return can_see_case(person, case)


def can_see_report(person: Person, report: Report) -> bool:
    """One's own, on a page of one's own."""
    return is_member(person) and report.reporter_id == person.pk


def can_answer_staff(person: Person, report: Report, *, last_is_from_staff: bool) -> bool:
    """While the case is open; later only what staff wrote is answered."""
    return can_see_report(person, report) and (report.case.is_open or last_is_from_staff)


def can_appeal(person: Person, case: Case) -> bool:
    """The author, once, within 30 days, where something was done about their post. Suspended members too."""
    if not person.is_authenticated or not person.is_active or case.author_id != person.pk:
        return False
    if case.settled_at is None or case.outcome == Case.Outcome.NO_BREACH or hasattr(case, "appeal"):
        return False
    return timezone.now() < case.settled_at + APPEAL_WITHIN


def can_decide(person: Person, case: Case, *, others: int) -> bool:
    """Never whoever settled it, as long as there are `others` of staff who could."""
    return can_see_case(person, case) and (case.settled_by_id != person.pk or others == 0)


def can_warn(person: Person, member: User) -> bool:
    """A moderator of some sections too: a warning takes nothing from anybody."""
    return outranks(person, member)


def can_sanction(person: Person, member: User, kind: str) -> bool:
    return can_warn(person, member) if kind == Sanction.Kind.WARNING else can_act_on_account(person, member)


def can_lift(person: Person, sanction: Sanction) -> bool:
    """Whoever could have imposed it; what an admin imposed, an admin lifts."""
    if sanction.by.role == User.Role.ADMIN and not (person.is_authenticated and person.is_admin):
        return False
    return can_sanction(person, sanction.member, sanction.kind)


def can_read_notes(person: Person, member: User) -> bool:
    """What staff note about a member. About staff it is for admins, and for nobody about themselves."""
    return outranks(person, member)


def can_look_up(person: Person) -> bool:
    """Addresses on the net and e-mail addresses, with a reason, in the record."""
    return person.is_authenticated and person.is_staff and not person.is_limited
