"""Resolve a case: record the outcome and do what it requires, in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Rule, User
from forum.access.audit_log import record_on
from forum.access.locks import lock_post_anywhere
from forum.access.require import require
from forum.models import Post, Topic
from forum.posts.edit import edit_post
from moderation.access.errors import AlreadyResolved, ClaimedByAnother
from moderation.access.permissions import can_resolve
from moderation.cases.claim import is_claimed_by_other
from moderation.cases.notices import notify_author, notify_reporters
from moderation.members.sanction import suspend_at_least, warn_member
from moderation.models import Case
from moderation.posts.remove import remove_post, restore_post, take_over_removal
from moderation.topics.close import close_topic

Outcome = Case.Outcome

ACTION_OF_OUTCOME = {
    Outcome.NO_VIOLATION: "settle_no_breach",
    Outcome.WARNED: "settle_warned",
    Outcome.EDITED: "settle_edited",
    Outcome.REMOVED: "settle_removed",
    Outcome.CLOSED: "settle_closed",
    Outcome.SUSPENDED: "settle_suspended",
}


@dataclass(frozen=True)
class Resolution:
    """The outcome and its details."""

    outcome: str
    rule: Rule | None = None
    reason: str = ""  # shown to the author, and in the topic if something changes there
    note: str = ""  # for staff only
    removes: bool = False  # also removes the post, beside another outcome
    body: str = ""  # the new text if the post is edited
    version: int = 0  # the revision that the new text is based on
    until: datetime | None = None  # end of a warning or suspension; None: permanent


@transaction.atomic
def resolve_case(*, case: Case, by: User, resolution: Resolution) -> Case:
    """Resolves the case. Does nothing if the same person has resolved it with the same outcome. Raises AlreadyResolved
    if someone else was first, and ClaimedByAnother while someone else has claimed it."""
    topic, case = lock_case(case)
    by, _ = User.objects.locked_both(by, case.author)  # in the order that sanctions use
    require(can_resolve(by, case))
    if not case.is_open:
        if (case.resolved_by_id, case.outcome) == (by.pk, resolution.outcome):
            return case
        raise AlreadyResolved(case)
    if is_claimed_by_other(case, by):
        raise ClaimedByAnother(case)
    effects = _apply_outcome(case, topic, by=by, resolution=resolution)
    _save_resolution(case, by=by, resolution=resolution, effects=effects)
    act = ACTION_OF_OUTCOME[Outcome(resolution.outcome)]
    record_on(act, topic, target=case, by=by, reason=resolution.note, rule=resolution.rule, facts=effects)
    notify_reporters(case)
    notify_author(case)
    return case


def _save_resolution(case: Case, *, by: User, resolution: Resolution, effects: dict[str, Any]) -> None:
    now = timezone.now()
    fields: dict[str, Any] = {
        "resolved_at": now,
        "resolved_by": by,
        "resolved_revision": Post.objects.values_list("version", flat=True).get(pk=case.post_id),
        "outcome": resolution.outcome,
        "rule": resolution.rule,
        "reason": resolution.reason,
        "note": resolution.note,
        "done": effects,
        "first_response_at": case.first_response_at or now,
        "claimed_by": None,
        "claimed_until": None,
    }
    for name, value in fields.items():
        setattr(case, name, value)
    case.save(update_fields=list(fields))


def lock_case(case: Case) -> tuple[Topic, Case]:
    """Locks the post, its current topic and the case, in this order: topic, post, case."""
    topic, _ = lock_post_anywhere(case.post_id)
    return topic, Case.objects.locked(case.pk)


def _apply_outcome(case: Case, topic: Topic, *, by: User, resolution: Resolution) -> dict[str, Any]:
    """Does what the outcome requires, with the usual log entries. Returns what is needed to undo it."""
    effects: dict[str, Any] = {}
    match resolution.outcome:
        case Outcome.EDITED:
            effects |= _edit(case.post, by=by, resolution=resolution)
        case Outcome.CLOSED if not topic.is_closed:
            close_topic(topic=topic, by=by, reason=resolution.reason, rule=resolution.rule)
            effects["closed"] = topic.pk
        case Outcome.WARNED | Outcome.SUSPENDED:
            effects |= _sanction(case, by=by, resolution=resolution)
    if resolution.outcome == Outcome.REMOVED or resolution.removes:
        effects |= _remove(case.post, by=by, resolution=resolution)
    elif case.post.is_auto_hidden:
        restore_post(post=case.post, by=by)
        effects["brought_back"] = True
    return effects


def _edit(post: Post, *, by: User, resolution: Resolution) -> dict[str, Any]:
    """Edits the post. Returns nothing if it already has this text because staff edited it before."""
    edited = edit_post(
        post=post, by=by, body=resolution.body, version=resolution.version, reason=resolution.reason
    )
    if edited.version == post.version:
        return {}
    return {"edited": edited.version, "edited_from": post.version}


def _sanction(case: Case, *, by: User, resolution: Resolution) -> dict[str, Any]:
    impose = warn_member if resolution.outcome == Outcome.WARNED else suspend_at_least
    sanction = impose(
        member=case.author, by=by, reason=resolution.reason, rule=resolution.rule, until=resolution.until
    )
    return {"sanction": sanction.pk} if sanction else {}


def _remove(post: Post, *, by: User, resolution: Resolution) -> dict[str, Any]:
    """Removes the post. If its author has deleted it, the removal becomes one by staff, which the author cannot
    undo."""
    if not post.is_removed or post.is_auto_hidden:
        remove_post(post=post, by=by, reason=resolution.reason, rule=resolution.rule)
        return {"removed": post.pk}
    if post.removal.removed_by_id == post.author_id:
        take_over_removal(post.topic, post, by=by, reason=resolution.reason, rule=resolution.rule)
        return {"removed": post.pk, "was_taken_back": True}
    return {}
