"""Start a topic, reply."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import rates
from accounts.models import User
from forum import attached, drafts, folding, permissions, terms, unread
from forum.mentioning import keep_mentions
from forum.models import ListVersion, Post, Section, Topic
from forum.models.draft import place_of_reply, place_of_topic
from forum.polling import PollTerms, make_poll
from forum.quoting import keep_quotes, look_up
from forum.referring import references_in
from forum.refusals import NotAllowed, Refusal, refused
from forum.rendering import RENDERER_VERSION, Rendered, render


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
) -> Topic:
    """Start a topic with its original post. The same submission again gives the topic that it made before. `draft` is
    the version of the draft that the text was, and which goes with it.

    `at` is for what is brought in from elsewhere; without it the post is of now.
    """
    rendered = render(body, refers_to=references_in(body, by=by, section=section))
    quotes = look_up(rendered)
    at = at or timezone.now()
    try:
        with transaction.atomic():
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
                topic, 1, by=by, body=body, rendered=rendered, submission_key=submission_key, at=at
            )
            keep_quotes(original, quotes)
            if poll:
                make_poll(topic, poll, at=at)
            ListVersion.objects.grow(section=section.pk, topic=topic.pk, topics=1)
            place = place_of_topic(section.pk)
            drafts.forget_sent(by=by, place=place, version=draft, body=body, submission_key=submission_key)
            rates.spend(rates.TOPICS, by=by, now=at.timestamp())
    except (IntegrityError, Refusal, rates.TooFast):
        if post_before := made_before(by, submission_key):
            return post_before.topic
        raise
    return topic


def reply(
    *,
    topic: Topic,
    by: User,
    body: str,
    submission_key: UUID,
    draft: int = 0,
    at: datetime | None = None,
) -> Post:
    """Answer in a topic. The same submission again gives the post that it made before, even when the topic has been
    closed since: the member's browser only repeats itself."""
    # Before the lock: others wait for the row, never for the renderer.
    rendered = render(body, refers_to=references_in(body, by=by, section=topic.section))
    folds = folding.reply_folds(body, by=by)
    quotes = look_up(rendered)
    try:
        with transaction.atomic():
            # From here on closing waits for us, or we see that it went first.
            topic = Topic.objects.locked(topic.pk)
            require_may_reply(by, topic)
            position = topic.last_position + 1
            # Here, where times grow with positions: what was read is also told by time.
            at = at or max(timezone.now(), topic.last_post_at)
            terms.require_patience(by, topic, at=at)
            post = _write(
                topic, position, by=by, body=body, rendered=rendered, submission_key=submission_key, at=at,
                folds=folds,
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
            rates.spend(rates.POSTS, by=by, now=at.timestamp())
    except (IntegrityError, Refusal, rates.TooFast):
        if post_before := made_before(by, submission_key):
            return post_before
        raise
    return post


def require_may_reply(by: User, topic: Topic) -> None:
    """Asked by the page that has a form to show, and again under the lock."""
    if not permissions.can_reply(by, topic):
        raise refused(topic, were_it_open=permissions.can_answer_in(by, topic.section))


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
) -> Post:
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
    unread.mark_own(post)
    return post


def made_before(by: User, submission_key: UUID) -> Post | None:
    return Post.objects.select_related("topic").filter(author=by, submission_key=submission_key).first()
