"""Pending posts: stored, listed and withdrawn. Staff approve and reject them in moderation/approval/approve.py."""

from dataclasses import asdict
from datetime import datetime
from typing import NoReturn

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.access import actor as acting
from accounts.models import Person, User
from core.text import graphemes
from forum.access import permissions
from forum.access.errors import Held, MustWait, NotAllowed, SentBefore, TextRefused, refused
from forum.antispam import new_members as newcomers
from forum.antispam.submission import Said
from forum.attachments import links as attached
from forum.drafts import store as drafts
from forum.drafts.resubmissions import is_what_was_sent
from forum.models import NewMemberTerms, Section, Topic, WaitingPost
from forum.models.draft import place_of_reply, place_of_topic
from forum.models.limits import REASON_MAX

SHOWN = 10  # in one place


def or_raise(refusal: Exception, said: Said, *, by: User, draft: int) -> NoReturn:
    """Stores a post that needs approval and raises Held; raises any other refusal as it is. Call it outside the
    transaction that failed to write the post."""
    if isinstance(refusal, MustWait):
        raise Held(keep(said, by=by, refusal=refusal, draft=draft)) from None
    raise refusal


def keep(said: Said, *, by: User, refusal: MustWait, draft: int = 0) -> WaitingPost:
    """Stores the pending post. A resubmission returns the existing one, or raises SentBefore if the text differs."""
    if sent_before := _sent_before(said, by):
        return sent_before
    try:
        return _keep(said, by=by, refusal=refusal, draft=draft)
    except (IntegrityError, TextRefused):  # the same submission was a moment faster
        if sent_before := _sent_before(said, by):
            return sent_before
        raise


@transaction.atomic
def _keep(said: Said, *, by: User, refusal: MustWait, draft: int) -> WaitingPost:
    acting.read_again(by)
    _require_may_write(said, by)
    waiting = WaitingPost.objects.create(
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
        what=graphemes.cut(refusal.what, REASON_MAX),
    )
    attached.wait_with(waiting)
    place = place_of_reply(said.topic.pk) if said.topic else place_of_topic(said.section.pk)
    drafts.forget_sent(by=by, place=place, version=draft, body=said.body, submission_key=said.submission_key)
    terms = NewMemberTerms.objects.current()
    if by.is_new:
        newcomers.spend_day(by, terms, is_topic=said.topic is None)
    _take_room(by, terms)
    # Not earlier: fifty submissions of one member would wait for each other.
    acting.hold(by, writes=True)
    _require_may_write(said, by)
    return waiting


@transaction.atomic
def take_back(*, waiting: WaitingPost, by: User) -> bool:
    """Withdraws a pending post. The row stays, and its author can still read it. Returns False if it is not pending."""
    waiting = WaitingPost.objects.locked(waiting.pk)
    acting.hold(by, writes=True)
    if not permissions.wrote_waiting(by, waiting):
        raise NotAllowed
    if not waiting.is_waiting:
        return False
    settle(waiting, by=by, outcome=WaitingPost.Outcome.TAKEN_BACK)
    return True


def settle(
    waiting: WaitingPost,
    *,
    by: User,
    outcome: WaitingPost.Outcome,
    reason: str = "",
    at: datetime | None = None,
) -> None:
    """Stores the outcome of a pending post. Call it under the row's lock. `at`: the time of an action on several."""
    waiting.settled_at, waiting.settled_by = at or timezone.now(), by
    waiting.outcome, waiting.reason = outcome, reason
    waiting.save(update_fields=["settled_at", "settled_by", "outcome", "reason", "post"])
    User.objects.filter(pk=waiting.author_id).update(texts_waiting=F("texts_waiting") - 1)


def wait_again(waiting: WaitingPost) -> None:
    """Makes a rejected post pending again. Call it under the row's lock."""
    waiting.settled_at = waiting.settled_by = None
    waiting.outcome = waiting.reason = ""
    waiting.save(update_fields=["settled_at", "settled_by", "outcome", "reason"])
    User.objects.filter(pk=waiting.author_id).update(texts_waiting=F("texts_waiting") + 1)


def seen_at(
    person: Person, *, topic: Topic | None = None, section: Section | None = None
) -> list[WaitingPost]:
    """Returns the pending replies of a topic, or the pending topics of a section, that this person may see."""
    here = WaitingPost.objects.waiting().visible_to(person).with_place()
    here = here.filter(topic=topic) if topic else here.filter(section=section, topic=None)
    return list(here.order_by("pk")[:SHOWN])


def written_by(member: User, *, reader: Person) -> list[WaitingPost]:
    here = WaitingPost.objects.waiting().visible_to(reader).with_place()
    return list(here.filter(author=member).order_by("pk")[:SHOWN])


def _sent_before(said: Said, by: User) -> WaitingPost | None:
    """The same as forum.posts.create.made_before, for pending posts."""
    sent = WaitingPost.objects.filter(author=by, submission_key=said.submission_key).first()
    if sent and not is_what_was_sent(sent, said.body, said.title, said.poll):
        raise SentBefore(sent)
    return sent


def _require_may_write(said: Said, by: User) -> None:
    if said.topic:
        topic = Topic.objects.with_closure().get(pk=said.topic.pk)
        if not permissions.can_reply(by, topic):
            raise refused(topic, were_it_open=permissions.can_answer_in(by, topic.section))
    elif not permissions.can_start_topic(by, Section.objects.get(pk=said.section.pk)):
        raise NotAllowed


def _take_room(by: User, terms: NewMemberTerms) -> None:
    """Counts one more pending post. One statement counts and checks, so simultaneous posts cannot exceed the limit."""
    has_room = User.objects.filter(pk=by.pk, texts_waiting__lt=terms.texts_waiting)
    if not has_room.update(texts_waiting=F("texts_waiting") + 1):
        words = ngettext(
            "You already have a post awaiting approval. Send this one after a moderator has reviewed it.",
            "You already have %(many)d posts awaiting approval. Send this one after a moderator has reviewed them.",
            terms.texts_waiting,
        )
        raise TextRefused(
            "body",
            words % {"many": terms.texts_waiting},
            429,
            3_600,
        )
