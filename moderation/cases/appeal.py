"""The author appeals, once; another moderator decides. Granting undoes what the outcome did, in one transaction."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.access import actor as acting
from accounts.audit.log import record
from accounts.models import Sanction, User
from forum.access.errors import EditConflict, NotAllowed
from forum.history import revisions as history
from forum.models import Post, Revision, Topic
from forum.posts import edit as editing
from moderation.access.errors import AlreadyDecided
from moderation.access.permissions import can_appeal, can_decide, can_lift, can_see_case
from moderation.cases import resolve as settling
from moderation.cases.notices import appeal_of, tell_decision
from moderation.members import sanction as sanctioning
from moderation.models import Appeal, Case
from moderation.posts import remove as removing
from moderation.topics.close import reopen_topic

ACT_OF = {Appeal.Decision.UPHELD: "uphold_outcome", Appeal.Decision.GRANTED: "grant_appeal"}


@transaction.atomic
def appeal_case(*, case: Case, by: User, words: str) -> Appeal:
    """Ask that another moderator looks at it. A second one changes nothing and gives the first."""
    case = Case.objects.locked(case.pk)
    acting.hold(by)
    standing = appeal_of(case)
    if standing and case.author_id == by.pk:
        return standing
    if not can_appeal(by, case):
        raise NotAllowed
    return Appeal.objects.create(case=case, words=words)


@transaction.atomic
def decide_appeal(*, case: Case, by: User, decision: str, answer: str = "") -> Appeal:
    """The outcome stands, or is undone. The same answer again from the same person changes nothing; anybody else who
    comes second is told who was first."""
    topic, case = settling.locked(case)
    by, _ = User.objects.locked_both(by, case.author)
    appeal = appeal_of(case)
    if not appeal or not may_decide(by, case):
        raise NotAllowed
    if appeal.is_decided:
        if (appeal.decided_by_id, appeal.decision) == (by.pk, decision):
            return appeal
        raise AlreadyDecided(appeal)
    appeal.decided_at, appeal.decided_by, appeal.decision, appeal.answer = (
        timezone.now(),
        by,
        decision,
        answer,
    )
    appeal.save(update_fields=["decided_at", "decided_by", "decision", "answer"])
    if appeal.is_granted:
        _undo(case, topic, by=by, why=answer)
    record(
        ACT_OF[Appeal.Decision(decision)],
        by=by,
        target=case,
        name=topic.title,
        why=answer,
        topic_id=topic.pk,
        section_id=topic.section_id,
        rule=case.rule,
    )
    tell_decision(case, appeal)
    return appeal


def may_decide(person: User, case: Case) -> bool:
    """Another moderator than who settled; where there is nobody else, they themselves. What granting would undo, they
    must be able to undo: an admin's sanction is lifted by admins."""
    sanction = _sanction_of(case)
    others = sum(_could_undo(one, sanction) for one in _others(case))
    return can_decide(person, case, others=others) and _could_undo(person, sanction)


def _others(case: Case) -> list[User]:
    """Those of staff, beside whoever settled it, who see the case. There are few of staff anywhere."""
    staff: Iterable[User] = User.objects.exclude(role=User.Role.MEMBER).exclude(pk=case.settled_by_id or 0)
    return [person for person in staff if can_see_case(person, case)]


def _sanction_of(case: Case) -> Sanction | None:
    """What the outcome imposed, as far as it stands."""
    if "sanction" not in case.done:
        return None
    sanction = Sanction.objects.select_related("member", "by").get(pk=case.done["sanction"])
    return sanction if sanction.stands else None


def _could_undo(person: User, sanction: Sanction | None) -> bool:
    return sanction is None or can_lift(person, sanction)


def _undo(case: Case, topic: Topic, *, by: User, why: str) -> None:
    """What the outcome did and still stands; what somebody changed since stays as it is."""
    done = case.done
    if sanction := _sanction_of(case):
        sanctioning.lift_sanction(sanction=sanction, by=by, reason=why)
    closure = getattr(topic, "closure", None)
    if "closed" in done and closure and _is_of(case, closure.closed_by_id, closure.closed_at):
        reopen_topic(topic=topic, by=by, reason=why)
    removal = case.post.removal if case.post.is_removed else None
    if "removed" in done and removal and _is_of(case, removal.removed_by_id, removal.removed_at):
        if done.get("was_taken_back"):
            removing.leave_to_author(topic, case.post, by=by)
        else:
            removing.restore_post(post=case.post, by=by)
    if "edited" in done:
        _put_back(case.post, done, by=by, why=why)


def _is_of(case: Case, person: int | None, at: datetime) -> bool:
    """Did settling the case do this? What was done again later has reasons of its own."""
    return person == case.settled_by_id and case.settled_at is not None and at <= case.settled_at


def _put_back(post: Post, done: dict[str, int], *, by: User, why: str) -> None:
    """The words from before, with whatever was changed elsewhere in the post since."""
    before = history.text_of(post, done["edited_from"], to=by)
    # Staff may read what was hidden since; putting it back would show it to everybody.
    if before is None or history.is_hidden(post, done["edited_from"]):
        return
    with suppress(EditConflict):  # the very words were written anew since; staff edit the post by hand
        editing.edit_post(post=post, by=by, body=before, version=done["edited"], reason=why)


def is_put_back(case: Case) -> bool:
    """After an appeal was granted: does the post say again what it said before staff edited it?"""
    if "edited" not in case.done:
        return True
    before = Revision.objects.filter(post=case.post_id, number=case.done["edited_from"]).first()
    return before is not None and before.body == case.post.body
