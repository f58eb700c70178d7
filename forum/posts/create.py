"""Start a topic, and reply."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access.actor import reload_and_lock
from accounts.models import User
from accounts.rate_limiting import limits as rate_limits, turns
from core.text import RENDERER_VERSION, Rendered, render
from core.web.prepared_statements import prepare_statements
from forum.access import permissions
from forum.access.errors import ActionError, AlreadySubmitted, NotAllowed, not_open_error
from forum.antispam import check as antispam_check, submission
from forum.approval.queue import store_or_raise
from forum.attachments.links import claim_for_post, protect_from_cleanup
from forum.drafts.resubmissions import is_same_submission
from forum.drafts.store import delete_sent
from forum.mentions.resolve import references_in
from forum.mentions.store import update_mentions
from forum.models import Post, Quote, Section, SectionVersion, Topic
from forum.models.draft import reply_draft_key, topic_draft_key
from forum.polls.polls import PollTerms, create_poll
from forum.quotes.create import find_quotes, save_quotes
from forum.read_state import unread
from forum.thanks import folding
from forum.topics.slow_mode import require_slow_mode_pause, restart_inactivity_timer


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
    raises AlreadySubmitted if its text, title or poll differ. `draft` is the version of the draft that was sent,
    which is deleted. Raises Held if the topic now awaits approval.

    `at` is for imported posts; the default is now. `trapped`: a bot filled in the form. `let_in`: staff approved it.
    """
    protect_from_cleanup(body, by)
    rendered, quotes = _rendered(body, section, by=by, is_sent=not let_in)
    at = at or timezone.now()
    said = submission.Submission(
        section, body, rendered, quotes, submission_key, title=title, poll=poll, trapped=trapped
    )
    try:
        entry = None if let_in else antispam_check.check_post(said, by=by)
        with transaction.atomic():
            reload_and_lock(by, writes=let_in)
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
                unread_at=at,
            )
            original = _create_post(
                topic,
                1,
                by=by,
                body=body,
                rendered=rendered,
                submission_key=submission_key,
                at=at,
                has_read=not let_in,
            )
            save_quotes(original, quotes)
            if poll:
                create_poll(topic, poll, at=at)
            SectionVersion.objects.grow(section=section.pk, topic=topic.pk, topics=1)
            place = topic_draft_key(section.pk)
            delete_sent(by=by, place=place, version=draft, body=body, submission_key=submission_key)
            _count(rate_limits.TOPICS, entry, original, at=at)
    except (IntegrityError, ActionError, rate_limits.RateLimitExceeded) as refusal:
        if post_before := find_resubmission(by, submission_key, body, title, poll):
            return post_before.topic
        store_or_raise(refusal, said, by=by, draft=draft)
    return topic


def create_reply(
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
    protect_from_cleanup(body, by)
    rendered, quotes = _rendered(body, topic.section, by=by, is_sent=not let_in)
    folds = folding.is_collapsible(body, by=by)
    said = submission.Submission(
        topic.section, body, rendered, quotes, submission_key, topic=topic, trapped=trapped
    )
    try:
        entry = None if let_in else antispam_check.check_post(said, by=by)
        with transaction.atomic(), prepare_statements():
            # From here on, closing waits for this transaction, or came first and is visible.
            topic = Topic.objects.locked(topic.pk)
            reload_and_lock(by, writes=let_in)  # the counts of pending posts are in their row
            require_may_reply(by, topic)
            position = topic.last_position + 1
            # Under the lock, so that times grow with positions: read marks use both.
            at = at or max(timezone.now(), topic.last_post_at)
            if not let_in:  # checked when it was sent
                require_slow_mode_pause(by, topic, at=at)
            post = _create_post(
                topic, position, by=by, body=body, rendered=rendered, submission_key=submission_key, at=at,
                folds=folds, has_read=not let_in,
            )  # fmt: skip
            news: dict[str, Any] = (
                {} if folds and topic.section.fold_thanks else {"unread_position": position, "unread_at": at}
            )
            save_quotes(post, quotes)
            topic.change(
                last_position=position, reply_count=topic.reply_count + 1, last_post_at=at, last_post_by=by, **news,
                **restart_inactivity_timer(topic, at),
            )  # fmt: skip
            place = reply_draft_key(topic.pk)
            delete_sent(by=by, place=place, version=draft, body=body, submission_key=submission_key)
            _count(rate_limits.POSTS, entry, post, at=at)
    except (IntegrityError, ActionError, rate_limits.RateLimitExceeded) as refusal:
        if post_before := find_resubmission(by, submission_key, body):
            return post_before
        store_or_raise(refusal, said, by=by, draft=draft)
    return post


def require_may_reply(by: User, topic: Topic) -> None:
    """Called before the form is shown, and again under the lock."""
    if not permissions.can_reply(by, topic):
        raise not_open_error(topic, were_it_open=permissions.can_reply_in(by, topic.section))


def _rendered(body: str, section: Section, *, by: User, is_sent: bool) -> tuple[Rendered, list[Quote]]:
    """Returns the rendered text and its quotes. `is_sent`: by its writer just now."""
    named = references_in(body, by=by, section=section)
    with turns.exclusive_turn(by=by, length=len(body) if is_sent else 0, twice=True):
        rendered = render(body, refers_to=named)
        return rendered, find_quotes(rendered, by=by)


def _count(
    limit: rate_limits.Limit, entry: antispam_check.Clearance | None, post: Post, *, at: datetime
) -> None:
    """Counts the post against the limits. A post that staff approved was counted when it was sent."""
    if entry:
        entry.count(post, at=at)
        rate_limits.count_action(limit, by=entry.by, now=at.timestamp())


def _create_post(
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
    claim_for_post(post, by=by)
    update_mentions(post, rendered, is_new=True)
    if has_read:
        unread.mark_own_post_read(post)
    return post


def find_resubmission(
    by: User, submission_key: UUID, body: str, title: str = "", poll: PollTerms | None = None
) -> Post | None:
    """Returns the post that the same submission created. Raises AlreadySubmitted if the text differs: the form was
    changed and sent again."""
    post = Post.objects.select_related("topic").filter(author=by, submission_key=submission_key).first()
    if post and not is_same_submission(post, body, title, poll):
        raise AlreadySubmitted(post)
    return post
