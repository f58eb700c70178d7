"""Pending posts: stored, listed and withdrawn. Staff approve and reject them in moderation/approval/approve.py."""

from dataclasses import asdict
from datetime import datetime
from typing import NoReturn

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.access import actor as access_actor
from accounts.models import Person, User
from core.text import graphemes
from forum.access import permissions
from forum.access.errors import NeedsApproval, PostPendingApproval, PostRejected
from forum.access.require import require, require_may_reply, require_may_start_topic
from forum.antispam.new_members import count_against_daily_limit
from forum.antispam.submission import Submission
from forum.attachments.links import hold_for_pending_post
from forum.drafts.resubmissions import find_pending_resubmission
from forum.drafts.store import delete_draft_of
from forum.models import NewMemberLimits, PendingPost, Section, Topic
from forum.models.maximum_lengths import REASON_MAX

MAX_SHOWN = 10  # in one place


def store_or_raise(error: Exception, submission: Submission) -> NoReturn:
    """Stores a post that needs approval and raises PostPendingApproval; raises any other error as it is. Call it
    outside the transaction that failed to write the post."""
    if isinstance(error, NeedsApproval):
        raise PostPendingApproval(_store(submission, error)) from None
    raise error


def _store(submission: Submission, reason: NeedsApproval) -> PendingPost:
    """Stores the pending post. A resubmission returns the existing one, or raises AlreadySubmitted if the text
    differs."""
    if submitted := find_pending_resubmission(submission):
        return submitted
    try:
        return _write(submission, reason)
    except (IntegrityError, PostRejected):  # the same submission was a moment faster
        if submitted := find_pending_resubmission(submission):
            return submitted
        raise


@transaction.atomic
def _write(submission: Submission, reason: NeedsApproval) -> PendingPost:
    by, text = submission.by, submission.text
    access_actor.reload(by)
    _require_may_write(submission)
    pending = PendingPost.objects.create(
        author=by,
        section=submission.section,
        topic=submission.topic,
        title=submission.title,
        body=text.body,
        html=text.rendered.html,
        excerpt=text.rendered.excerpt,
        poll=asdict(submission.poll) if submission.poll else {},
        submission_key=submission.submission_key,
        why=reason.why,
        what=graphemes.truncate(reason.what, REASON_MAX),
    )
    hold_for_pending_post(pending, text.attachment_keys)
    delete_draft_of(submission)
    terms = NewMemberLimits.objects.current()
    if by.is_new:
        count_against_daily_limit(by, terms, is_topic=submission.topic is None)
    _count_pending(by, terms)
    # Not earlier: fifty submissions of one member would wait for each other.
    access_actor.reload_and_lock(by, writes=True)
    _require_may_write(submission)
    return pending


@transaction.atomic
def withdraw(*, pending: PendingPost, by: User) -> bool:
    """Withdraws a pending post. The row stays, and its author can still read it. Returns False if it is not pending."""
    pending = PendingPost.objects.locked(pending.pk)
    access_actor.reload_and_lock(by, writes=True)
    require(permissions.is_author_of_pending(by, pending))
    if not pending.is_pending:
        return False
    resolve(pending, by=by, outcome=PendingPost.Outcome.TAKEN_BACK)
    return True


def resolve(
    pending: PendingPost,
    *,
    by: User,
    outcome: PendingPost.Outcome,
    reason: str = "",
    at: datetime | None = None,
) -> None:
    """Stores the outcome of a pending post. Call it under the row's lock. `at`: the time of an action on several."""
    pending.resolved_at, pending.resolved_by = at or timezone.now(), by
    pending.outcome, pending.reason = outcome, reason
    pending.save(update_fields=["resolved_at", "resolved_by", "outcome", "reason", "post"])
    User.objects.filter(pk=pending.author_id).update(texts_waiting=F("texts_waiting") - 1)


def reopen(pending: PendingPost) -> None:
    """Makes a rejected post pending again. Call it under the row's lock."""
    pending.resolved_at = pending.resolved_by = None
    pending.outcome = pending.reason = ""
    pending.save(update_fields=["resolved_at", "resolved_by", "outcome", "reason"])
    User.objects.filter(pk=pending.author_id).update(texts_waiting=F("texts_waiting") + 1)


def pending_in(
    person: Person, *, topic: Topic | None = None, section: Section | None = None
) -> list[PendingPost]:
    """Returns the pending replies of a topic, or the pending topics of a section, that this person may see."""
    pending_posts = PendingPost.objects.pending().visible_to(person).with_destination()
    pending_posts = (
        pending_posts.filter(topic=topic) if topic else pending_posts.filter(section=section, topic=None)
    )
    return list(pending_posts.order_by("pk")[:MAX_SHOWN])


def pending_by(member: User, *, reader: Person) -> list[PendingPost]:
    pending_posts = PendingPost.objects.pending().visible_to(reader).with_destination()
    return list(pending_posts.filter(author=member).order_by("pk")[:MAX_SHOWN])


def _require_may_write(submission: Submission) -> None:
    if submission.topic:
        require_may_reply(submission.by, Topic.objects.with_closure().get(pk=submission.topic.pk))
    else:
        require_may_start_topic(submission.by, Section.objects.get(pk=submission.section.pk))


def _count_pending(by: User, terms: NewMemberLimits) -> None:
    """Counts one more pending post. One statement counts and checks, so simultaneous posts cannot exceed the limit."""
    has_room = User.objects.filter(pk=by.pk, texts_waiting__lt=terms.texts_waiting)
    if not has_room.update(texts_waiting=F("texts_waiting") + 1):
        message = ngettext(
            "You already have a post awaiting approval. Send this one after a moderator has reviewed it.",
            "You already have %(many)d posts awaiting approval. Send this one after a moderator has reviewed them.",
            terms.texts_waiting,
        )
        raise PostRejected("body", message % {"many": terms.texts_waiting}, 429, 3_600)
