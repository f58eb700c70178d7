"""Start a topic, and reply."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import actor as acting
from accounts.models import User
from accounts.rate_limiting import limits as rates, turns
from core.text import RENDERER_VERSION, Rendered, render
from core.web.prepared_statements import prepared
from forum.access import permissions
from forum.access.errors import NotAllowed, Refusal, SentBefore, refused
from forum.antispam import check as gate, submission
from forum.approval import queue as waiting
from forum.attachments import links as attached
from forum.drafts import store as drafts
from forum.drafts.resubmissions import is_what_was_sent
from forum.mentions.resolve import references_in
from forum.mentions.store import keep_mentions
from forum.models import ListVersion, Post, Quote, Section, Topic
from forum.models.draft import place_of_reply, place_of_topic
from forum.polls.polls import PollTerms, make_poll
from forum.quotes.create import keep_quotes, look_up
from forum.read_state import unread
from forum.thanks import folding
from forum.topics import slow_mode as terms


def start_topic(
    *,
    section: Section,
    by: User,
    title: str,
    body: str,
    submission_key: UUID,
    draft: int = 0,
    poll: PollTerms | None = None,
    at: datetime | None = None,
    trapped: bool = False,
    let_in: bool = False,
) -> Topic:
    """Starts a topic with its original post. A repeated submission returns the topic that the first one created, or
    raises SentBefore if its text, title or poll differ. `draft` is the version of the draft that was sent, which is
    deleted. Raises Held if the topic now awaits approval.

    `at` is for imported posts; the default is now. `trapped`: a bot filled in the form. `let_in`: staff approved it.
    """
    attached.claim(body, by)
    rendered, quotes = _rendered(body, section, by=by, is_sent=not let_in)
    at = at or timezone.now()
    said = submission.Said(
        section, body, rendered, quotes, submission_key, title=title, poll=poll, trapped=trapped
    )
    try:
        entry = None if let_in else gate.ask(said, by=by)
        with transaction.atomic():
            acting.hold(by, writes=let_in)
            section = Section.objects.get(pk=section.pk)
            if not permissions.can_start_topic(by, section):
                raise NotAllowed
            topic = Topic.objects.create(
                section=section,
                title=title,
                started_by=by,
                started_at=at,
                last_position=1,
                last_post_at=at,
                last_post_by=by,
                news_at=at,
            )
            original = _write(
                topic,
                1,
                by=by,
                body=body,
                rendered=rendered,
                submission_key=submission_key,
                at=at,
                has_read=not let_in,
            )
            keep_quotes(original, quotes)
            if poll:
                make_poll(topic, poll, at=at)
            ListVersion.objects.grow(section=section.pk, topic=topic.pk, topics=1)
            place = place_of_topic(section.pk)
            drafts.forget_sent(by=by, place=place, version=draft, body=body, submission_key=submission_key)
            _count(rates.TOPICS, entry, original, at=at)
    except (IntegrityError, Refusal, rates.TooFast) as refusal:
        if post_before := made_before(by, submission_key, body, title, poll):
            return post_before.topic
        waiting.or_raise(refusal, said, by=by, draft=draft)
    return topic


def reply(
    *,
    topic: Topic,
    by: User,
    body: str,
    submission_key: UUID,
    draft: int = 0,
    at: datetime | None = None,
    trapped: bool = False,
    let_in: bool = False,
) -> Post:
    """Replies in a topic. A repeated submission returns the post that the first one created, even if the topic has been
    closed since. Otherwise like start_topic."""
    # Before the lock: others wait for the row, never for the renderer.
    attached.claim(body, by)
    rendered, quotes = _rendered(body, topic.section, by=by, is_sent=not let_in)
    folds = folding.reply_folds(body, by=by)
    said = submission.Said(
        topic.section, body, rendered, quotes, submission_key, topic=topic, trapped=trapped
    )
    try:
        entry = None if let_in else gate.ask(said, by=by)
        with transaction.atomic(), prepared():
            # From here on, closing waits for this transaction, or came first and is visible.
            topic = Topic.objects.locked(topic.pk)
            acting.hold(by, writes=let_in)  # the counts of pending posts are in their row
            require_may_reply(by, topic)
            position = topic.last_position + 1
            # Under the lock, so that times grow with positions: read marks use both.
            at = at or max(timezone.now(), topic.last_post_at)
            if not let_in:  # checked when it was sent
                terms.require_patience(by, topic, at=at)
            post = _write(
                topic, position, by=by, body=body, rendered=rendered, submission_key=submission_key, at=at,
                folds=folds, has_read=not let_in,
            )  # fmt: skip
            news: dict[str, Any] = (
                {} if folds and topic.section.fold_thanks else {"news_position": position, "news_at": at}
            )
            keep_quotes(post, quotes)
            topic.change(
                last_position=position, answers=topic.answers + 1, last_post_at=at, last_post_by=by, **news,
                **terms.silence_broken(topic, at),
            )  # fmt: skip
            place = place_of_reply(topic.pk)
            drafts.forget_sent(by=by, place=place, version=draft, body=body, submission_key=submission_key)
            _count(rates.POSTS, entry, post, at=at)
    except (IntegrityError, Refusal, rates.TooFast) as refusal:
        if post_before := made_before(by, submission_key, body):
            return post_before
        waiting.or_raise(refusal, said, by=by, draft=draft)
    return post


def require_may_reply(by: User, topic: Topic) -> None:
    """Called before the form is shown, and again under the lock."""
    if not permissions.can_reply(by, topic):
        raise refused(topic, were_it_open=permissions.can_answer_in(by, topic.section))


def _rendered(body: str, section: Section, *, by: User, is_sent: bool) -> tuple[Rendered, list[Quote]]:
    """Returns the rendered text and its quotes. `is_sent`: by its writer just now."""
    named = references_in(body, by=by, section=section)
    with turns.turn(by=by, length=len(body) if is_sent else 0, twice=True):
        rendered = render(body, refers_to=named)
        return rendered, look_up(rendered, by=by)


def _count(limit: rates.Limit, entry: gate.Entry | None, post: Post, *, at: datetime) -> None:
    """Counts the post against the limits. A post that staff approved was counted when it was sent."""
    if entry:
        entry.count(post, at=at)
        rates.spend(limit, by=entry.by, now=at.timestamp())


def _write(
    topic: Topic,
    position: int,
    *,
    by: User,
    body: str,
    rendered: Rendered,
    submission_key: UUID,
    at: datetime,
    folds: bool = False,
    has_read: bool = True,
) -> Post:
    """Creates the row. `has_read`: its author has just seen the posts above it."""
    post = Post.objects.create(
        topic=topic,
        author=by,
        position=position,
        posted_at=at,
        body=body,
        html=rendered.html,
        excerpt=rendered.excerpt,
        renderer=RENDERER_VERSION,
        submission_key=submission_key,
        folds=folds,
    )
    attached.take_in(post, by=by)
    keep_mentions(post, rendered, is_new=True)
    if has_read:
        unread.mark_own(post)
    return post


def made_before(
    by: User, submission_key: UUID, body: str, title: str = "", poll: PollTerms | None = None
) -> Post | None:
    """Returns the post that the same submission created. Raises SentBefore if the text differs: the form was changed
    and sent again."""
    post = Post.objects.select_related("topic").filter(author=by, submission_key=submission_key).first()
    if post and not is_what_was_sent(post, body, title, poll):
        raise SentBefore(post)
    return post
