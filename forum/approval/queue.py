"""Texts that wait for approval, as their writers have them: kept, shown to them where they were written, taken back.
Letting in and refusing are acts of staff: moderation/approval/approve.py."""

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
    """A text that must wait is kept, and Held says so; any other refusal stays what it is. Outside the transaction that
    did not write a post."""
    if isinstance(refusal, MustWait):
        raise Held(keep(said, by=by, refusal=refusal, draft=draft)) from None
    raise refusal


def keep(said: Said, *, by: User, refusal: MustWait, draft: int = 0) -> WaitingPost:
    """The same submission again gives the text that waits, or has waited, already; with another text, SentBefore."""
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
    # Not before: fifty of one member would wait for each other all the while.
    acting.hold(by, writes=True)
    _require_may_write(said, by)
    return waiting


@transaction.atomic
def take_back(*, waiting: WaitingPost, by: User) -> bool:
    """Its writer wants it no more; False if it waited no more. The row stays, and they can still read it."""
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
    """Called under the row's lock, for one that waits. `at`: the moment of an act that settles more than one."""
    waiting.settled_at, waiting.settled_by = at or timezone.now(), by
    waiting.outcome, waiting.reason = outcome, reason
    waiting.save(update_fields=["settled_at", "settled_by", "outcome", "reason", "post"])
    User.objects.filter(pk=waiting.author_id).update(texts_waiting=F("texts_waiting") - 1)


def wait_again(waiting: WaitingPost) -> None:
    """What was refused is for staff to decide about once more. Called under the row's lock."""
    waiting.settled_at = waiting.settled_by = None
    waiting.outcome = waiting.reason = ""
    waiting.save(update_fields=["settled_at", "settled_by", "outcome", "reason"])
    User.objects.filter(pk=waiting.author_id).update(texts_waiting=F("texts_waiting") + 1)


def seen_at(
    person: Person, *, topic: Topic | None = None, section: Section | None = None
) -> list[WaitingPost]:
    """Those that wait in this topic, or to begin one in this section, as far as this person may see them."""
    here = WaitingPost.objects.waiting().visible_to(person).with_place()
    here = here.filter(topic=topic) if topic else here.filter(section=section, topic=None)
    return list(here.order_by("pk")[:SHOWN])


def written_by(member: User, *, reader: Person) -> list[WaitingPost]:
    here = WaitingPost.objects.waiting().visible_to(reader).with_place()
    return list(here.filter(author=member).order_by("pk")[:SHOWN])


def _sent_before(said: Said, by: User) -> WaitingPost | None:
    """As posting.made_before."""
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
    """In one statement: of fifty at once no more find room than there is."""
    has_room = User.objects.filter(pk=by.pk, texts_waiting__lt=terms.texts_waiting)
    if not has_room.update(texts_waiting=F("texts_waiting") + 1):
        words = ngettext(
            "A text of yours waits for approval already. Send this one when a moderator has looked at it.",
            "%(many)d of your texts wait for approval already. Send this one when a moderator has looked at them.",
            terms.texts_waiting,
        )
        raise TextRefused(
            "body",
            words % {"many": terms.texts_waiting},
            429,
            3_600,
        )
