"""Appeals: an author appeals once, and another moderator decides. Granting undoes the outcome, in one transaction."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.access.actor import reload_and_lock
from accounts.models import Sanction, User
from forum.access.audit_log import record_on
from forum.access.errors import EditConflict, NotAllowed
from forum.access.require import require
from forum.history.revisions import is_hidden, revision_text
from forum.models import Post, Revision, Topic
from forum.posts.edit import edit_post
from moderation.access.errors import AlreadyDecided
from moderation.access.permissions import can_appeal, can_decide_appeal, can_lift, can_see_case
from moderation.cases.notices import appeal_of, notify_of_decision
from moderation.cases.resolve import lock_case
from moderation.members.sanction import lift_sanction
from moderation.models import Appeal, Case
from moderation.posts.remove import leave_to_author, restore_post
from moderation.topics.close import reopen_topic

ACTION_OF_DECISION = {Appeal.Decision.UPHELD: "uphold_outcome", Appeal.Decision.GRANTED: "grant_appeal"}


@transaction.atomic
def create_appeal(*, case: Case, by: User, text: str) -> Appeal:
    """Creates the appeal. Returns the existing one if the author has appealed before."""
    case = Case.objects.locked(case.pk)
    reload_and_lock(by)
    existing = appeal_of(case)
    if existing and case.author_id == by.pk:
        return existing
    require(can_appeal(by, case))
    return Appeal.objects.create(case=case, words=text)


@transaction.atomic
def decide_appeal(*, case: Case, by: User, decision: str, reason: str = "") -> Appeal:
    """Upholds or undoes the outcome. Does nothing if the same person has decided the same before. Raises AlreadyDecided
    if someone else was first."""
    topic, case = lock_case(case)
    by, _ = User.objects.locked_both(by, case.author)
    appeal = appeal_of(case)
    if not appeal or not is_allowed_to_decide(by, case):
        raise NotAllowed
    if appeal.is_decided:
        if (appeal.decided_by_id, appeal.decision) == (by.pk, decision):
            return appeal
        raise AlreadyDecided(appeal)
    appeal.decided_at, appeal.decided_by, appeal.decision, appeal.answer = (
        timezone.now(),
        by,
        decision,
        reason,
    )
    appeal.save(update_fields=["decided_at", "decided_by", "decision", "answer"])
    if appeal.is_granted:
        _undo_outcome(case, topic, by=by, reason=reason)
    act = ACTION_OF_DECISION[Appeal.Decision(decision)]
    record_on(act, topic, target=case, by=by, reason=reason, rule=case.rule)
    notify_of_decision(case, appeal)
    return appeal


def is_allowed_to_decide(person: User, case: Case) -> bool:
    """Whether this person can decide the appeal: someone other than the person who resolved the case, unless nobody
    else can. They must be able to undo the outcome: only admins can lift the sanction of an admin."""
    sanction = _active_sanction(case)
    others = sum(_could_undo(colleague, sanction) for colleague in _other_staff(case))
    return can_decide_appeal(person, case, others=others) and _could_undo(person, sanction)


def _other_staff(case: Case) -> list[User]:
    """Returns the staff who can see the case, without the person who resolved it. Communities have few staff."""
    staff: Iterable[User] = User.objects.exclude(role=User.Role.MEMBER).exclude(pk=case.resolved_by_id or 0)
    return [person for person in staff if can_see_case(person, case)]


def _active_sanction(case: Case) -> Sanction | None:
    """Returns the sanction of the outcome if it is active."""
    if "sanction" not in case.done:
        return None
    sanction = Sanction.objects.select_related("member", "by").get(pk=case.done["sanction"])
    return sanction if sanction.is_active else None


def _could_undo(person: User, sanction: Sanction | None) -> bool:
    return sanction is None or can_lift(person, sanction)


def _undo_outcome(case: Case, topic: Topic, *, by: User, reason: str) -> None:
    """Undoes what the outcome did and what is still in effect. Later changes stay."""
    effects = case.done
    if sanction := _active_sanction(case):
        lift_sanction(sanction=sanction, by=by, reason=reason)
    closure = getattr(topic, "closure", None)
    if "closed" in effects and closure and _was_done_by(case, closure.closed_by_id, closure.closed_at):
        reopen_topic(topic=topic, by=by, reason=reason)
    removal = case.post.removal if case.post.is_removed else None
    if "removed" in effects and removal and _was_done_by(case, removal.removed_by_id, removal.removed_at):
        if effects.get("was_taken_back"):
            leave_to_author(topic, case.post, by=by)
        else:
            restore_post(post=case.post, by=by)
    if "edited" in effects:
        _restore_text(case.post, effects, by=by, reason=reason)


def _was_done_by(case: Case, person: int | None, at: datetime) -> bool:
    """Whether resolving the case did this. What was done again later has its own reasons."""
    return person == case.resolved_by_id and case.resolved_at is not None and at <= case.resolved_at


def _restore_text(post: Post, effects: dict[str, int], *, by: User, reason: str) -> None:
    """Restores the earlier text and keeps later changes elsewhere in the post."""
    earlier_text = revision_text(post, effects["edited_from"], to=by)
    # Staff can read a revision that was hidden since, but restoring it would show it to everyone.
    if earlier_text is None or is_hidden(post, effects["edited_from"]):
        return
    with suppress(EditConflict):  # the same part was changed since; staff edit the post manually
        edit_post(post=post, by=by, body=earlier_text, version=effects["edited"], reason=reason)


def is_text_restored(case: Case) -> bool:
    """Whether the post has the text from before the edit by staff again, after an appeal was granted."""
    if "edited" not in case.done:
        return True
    earlier = Revision.objects.filter(post=case.post_id, number=case.done["edited_from"]).first()
    return earlier is not None and earlier.body == case.post.body
