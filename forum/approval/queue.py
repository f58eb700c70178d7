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
from forum.access.errors import (
    AlreadySubmitted,
    NeedsApproval,
    NotAllowed,
    PostPendingApproval,
    PostRejected,
    not_open_error,
)
from forum.antispam.new_members import count_against_daily_limit
from forum.antispam.submission import Submission
from forum.attachments.links import hold_for_pending_post
from forum.drafts.resubmissions import is_same_submission
from forum.drafts.store import delete_sent
from forum.models import NewMemberLimits, PendingPost, Section, Topic
from forum.models.draft import reply_draft_key, topic_draft_key
from forum.models.limits import REASON_MAX

MAX_SHOWN = 10  # in one place


def store_or_raise(refusal: Exception, said: Submission, *, by: User, draft: int) -> NoReturn:
    """Stores a post that needs approval and raises Held; raises any other refusal as it is. Call it outside the
    transaction that failed to write the post."""
    if isinstance(refusal, NeedsApproval):
        raise PostPendingApproval(store(said, by=by, refusal=refusal, draft=draft)) from None
    raise refusal


def store(said: Submission, *, by: User, refusal: NeedsApproval, draft: int = 0) -> PendingPost:
    """Stores the pending post. A resubmission returns the existing one, or raises AlreadySubmitted if the text
    differs."""
    if sent_before := _resubmission(said, by):
        return sent_before
    try:
        return _store(said, by=by, refusal=refusal, draft=draft)
    except (IntegrityError, PostRejected):  # the same submission was a moment faster
        if sent_before := _resubmission(said, by):
            return sent_before
        raise


@transaction.atomic
def _store(said: Submission, *, by: User, refusal: NeedsApproval, draft: int) -> PendingPost:
    access_actor.reload(by)
    _require_may_write(said, by)
    waiting = PendingPost.objects.create(
        author=by,
        section=said.section,
        topic=said.topic,
        title=said.title,
        body=said.body,
        html=said.rendered.html,
        excerpt=said.rendered.excerpt,
        poll=asdict(said.poll) if said.poll else {},
        submission_key=said.submission_key,
        why=refusal.why,
        what=graphemes.truncate(refusal.what, REASON_MAX),
    )
    hold_for_pending_post(waiting)
    place = reply_draft_key(said.topic.pk) if said.topic else topic_draft_key(said.section.pk)
    delete_sent(by=by, place=place, version=draft, body=said.body, submission_key=said.submission_key)
    terms = NewMemberLimits.objects.current()
    if by.is_new:
        count_against_daily_limit(by, terms, is_topic=said.topic is None)
    _count_pending(by, terms)
    # Not earlier: fifty submissions of one member would wait for each other.
    access_actor.reload_and_lock(by, writes=True)
    _require_may_write(said, by)
    return waiting


@transaction.atomic
def withdraw(*, waiting: PendingPost, by: User) -> bool:
    """Withdraws a pending post. The row stays, and its author can still read it. Returns False if it is not pending."""
    waiting = PendingPost.objects.locked(waiting.pk)
    access_actor.reload_and_lock(by, writes=True)
    if not permissions.is_author_of_pending(by, waiting):
        raise NotAllowed
    if not waiting.is_pending:
        return False
    resolve(waiting, by=by, outcome=PendingPost.Outcome.TAKEN_BACK)
    return True


def resolve(
    waiting: PendingPost,
    *,
    by: User,
    outcome: PendingPost.Outcome,
    reason: str = "",
    at: datetime | None = None,
) -> None:
    """Stores the outcome of a pending post. Call it under the row's lock. `at`: the time of an action on several."""
    waiting.resolved_at, waiting.resolved_by = at or timezone.now(), by
    waiting.outcome, waiting.reason = outcome, reason
    waiting.save(update_fields=["resolved_at", "resolved_by", "outcome", "reason", "post"])
    User.objects.filter(pk=waiting.author_id).update(texts_waiting=F("texts_waiting") - 1)


def reopen(waiting: PendingPost) -> None:
    """Makes a rejected post pending again. Call it under the row's lock."""
    waiting.resolved_at = waiting.resolved_by = None
    waiting.outcome = waiting.reason = ""
    waiting.save(update_fields=["resolved_at", "resolved_by", "outcome", "reason"])
    User.objects.filter(pk=waiting.author_id).update(texts_waiting=F("texts_waiting") + 1)


def pending_in(
    person: Person, *, topic: Topic | None = None, section: Section | None = None
) -> list[PendingPost]:
    """Returns the pending replies of a topic, or the pending topics of a section, that this person may see."""
    here = PendingPost.objects.waiting().visible_to(person).with_place()
    here = here.filter(topic=topic) if topic else here.filter(section=section, topic=None)
    return list(here.order_by("pk")[:MAX_SHOWN])


def pending_by(member: User, *, reader: Person) -> list[PendingPost]:
    here = PendingPost.objects.waiting().visible_to(reader).with_place()
    return list(here.filter(author=member).order_by("pk")[:MAX_SHOWN])


def _resubmission(said: Submission, by: User) -> PendingPost | None:
    """The same as forum.posts.create.find_resubmission, for pending posts."""
    sent = PendingPost.objects.filter(author=by, submission_key=said.submission_key).first()
    if sent and not is_same_submission(sent, said.body, said.title, said.poll):
        raise AlreadySubmitted(sent)
    return sent


def _require_may_write(said: Submission, by: User) -> None:
    if said.topic:
        topic = Topic.objects.with_closure().get(pk=said.topic.pk)
        if not permissions.can_reply(by, topic):
            raise not_open_error(topic, were_it_open=permissions.can_reply_in(by, topic.section))
    elif not permissions.can_start_topic(by, Section.objects.get(pk=said.section.pk)):
        raise NotAllowed


def _count_pending(by: User, terms: NewMemberLimits) -> None:
    """Counts one more pending post. One statement counts and checks, so simultaneous posts cannot exceed the limit."""
    has_room = User.objects.filter(pk=by.pk, texts_waiting__lt=terms.texts_waiting)
    if not has_room.update(texts_waiting=F("texts_waiting") + 1):
        words = ngettext(
            "You already have a post awaiting approval. Send this one after a moderator has reviewed it.",
            "You already have %(many)d posts awaiting approval. Send this one after a moderator has reviewed them.",
            terms.texts_waiting,
        )
        raise PostRejected(
            "body",
            words % {"many": terms.texts_waiting},
            429,
            3_600,
        )
