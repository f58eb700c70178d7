"""Report a post to the moderators, and settle what was reported."""

from django.db import transaction
from django.utils import timezone

from accounts import rates
from accounts.models import User
from accounts.record import record
from forum.models import Post
from forum.permissions import can_report
from forum.refusals import NotAllowed
from moderation.models import Case, Report
from moderation.permissions import can_settle
from moderation.refusals import AlreadySettled

ACT_OF = {
    Case.Outcome.NO_BREACH: "settle_no_breach",
    Case.Outcome.WARNED: "settle_warned",
    Case.Outcome.EDITED: "settle_edited",
    Case.Outcome.REMOVED: "settle_removed",
    Case.Outcome.CLOSED: "settle_closed",
    Case.Outcome.SUSPENDED: "settle_suspended",
}


@transaction.atomic
def report_post(*, post: Post, by: User, reason: str, comment: str = "") -> Report:
    """Tell the moderators about what the post says now. All reports on a post join its one open case, one a
    member: a second one changes nothing and gives the first."""
    # The post's row, not the topic's: members who report one post take turns, replies do not wait for them.
    post = Post.objects.locked(post.pk)
    if not can_report(by, post):
        raise NotAllowed
    case = _open_case_of(post)
    report, is_new = Report.objects.get_or_create(
        case=case,
        reporter=by,
        defaults={
            "number": case.reports.count() + 1,
            "revision": post.version,
            "reason": reason,
            "comment": comment,
        },
    )
    if is_new:
        rates.spend(rates.REPORTS, by=by)
    return report


def report_by(person: User, post: Post) -> Report | None:
    """This member's report on the post, while its case is open."""
    return Report.objects.filter(case__post=post, case__settled_at=None, reporter=person).first()


@transaction.atomic
def settle_case(*, case: Case, by: User, outcome: str, note: str = "") -> Case:
    """Uphold or dismiss the case. The same answer again from the same person changes nothing; anybody else who
    comes second is told who was first."""
    case = Case.objects.locked(case.pk)
    if not can_settle(by, case):
        raise NotAllowed
    if not case.is_open:
        if (case.settled_by_id, case.outcome) == (by.pk, outcome):
            return case
        raise AlreadySettled(case)
    case.settled_at, case.settled_by, case.outcome, case.note = timezone.now(), by, outcome, note
    case.save(update_fields=["settled_at", "settled_by", "outcome", "note"])
    topic = case.post.topic
    record(ACT_OF[Case.Outcome(outcome)], by=by, target=case, name=topic.title, why=note, topic_id=topic.pk)
    return case


def _open_case_of(post: Post) -> Case:
    """The post's open case, or a new one that names the one before. Called under the post's lock.

    Locking the case too lets a settlement that is under way finish first: then the case is no longer open, and
    this opens the next."""
    standing = Case.objects.open().select_for_update(no_key=True).filter(post=post).first()
    if standing:
        return standing
    earlier = Case.objects.filter(post=post).order_by("-pk").first()
    return Case.objects.create(
        post=post, author=post.author, author_name=post.author.name, earlier=earlier, revision=post.version
    )
