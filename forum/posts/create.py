"""Start a topic, and reply: prepare the text, check it, lock, write."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access.actor import reload_and_lock
from accounts.models import User
from forum.access.errors import ActionError
from forum.access.require import require_may_reply, require_may_start_topic
from forum.antispam.check import check_post
from forum.antispam.submission import Submission
from forum.approval.queue import store_or_raise
from forum.drafts.resubmissions import find_resubmission
from forum.drafts.store import delete_draft_of
from forum.models import Post, Section, SectionVersion, Topic
from forum.polls.polls import PollTerms, create_poll
from forum.post_text.prepare import prepare_text, save_references
from forum.read_state.unread import mark_own_post_read
from forum.thanks.folding import is_collapsible
from forum.topics.activity import columns_after_reply
from forum.topics.slow_mode import require_slow_mode_pause

NOT_WRITTEN = (IntegrityError, ActionError)


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
    filled_honeypot: bool = False,
    is_approved: bool = False,
) -> Topic:
    """Starts a topic with its original post. A repeated submission returns the topic that the first one created, or
    raises AlreadySubmitted if its text, title or poll differ. Raises PostPendingApproval if the topic now waits for
    staff. `draft`: the version of the draft that was sent, which is deleted. `at` is for imported posts; the default is
    now. `filled_honeypot`: a bot filled in the form. `is_approved`: staff approved it."""
    text = prepare_text(body, by=by, section=section, is_approved=is_approved)
    submission = Submission(
        by, section, text, submission_key, title=title, poll=poll, draft=draft,
        filled_honeypot=filled_honeypot, is_approved=is_approved,
    )  # fmt: skip
    try:
        clearance = check_post(submission)
        with transaction.atomic():
            reload_and_lock(by, writes=is_approved)
            section = Section.objects.get(pk=section.pk)
            require_may_start_topic(by, section)
            original = _create_topic(section, submission, at=at or timezone.now())
            delete_draft_of(submission)
            clearance.count(original, at=original.posted_at)
        return original.topic
    except NOT_WRITTEN as error:
        existing = find_resubmission(by, submission_key, body, title, poll)
        return existing.topic if existing else store_or_raise(error, submission)


def create_reply(
    *,
    topic: Topic,
    by: User,
    body: str,
    submission_key: UUID,
    draft: int = 0,
    at: datetime | None = None,
    filled_honeypot: bool = False,
    is_approved: bool = False,
) -> Post:
    """Replies in a topic. A repeated submission returns the post that the first one created, even if the topic has been
    closed since. Otherwise like start_topic."""
    text = prepare_text(body, by=by, section=topic.section, is_approved=is_approved)
    submission = Submission(
        by, topic.section, text, submission_key, topic, draft=draft,
        filled_honeypot=filled_honeypot, is_approved=is_approved,
    )  # fmt: skip
    try:
        clearance = check_post(submission)
        with transaction.atomic():
            # From here on, closing waits for this transaction, or came first and is visible.
            topic = Topic.objects.locked(topic.pk)
            reload_and_lock(by, writes=is_approved)  # the counts of pending posts are in their row
            require_may_reply(by, topic)
            # Under the lock, so that times grow with positions: read marks use both.
            at = at or max(timezone.now(), topic.last_post_at)
            if not is_approved:  # checked when it was sent
                require_slow_mode_pause(by, topic, at=at)
            post = _create_post(topic, submission, position=topic.last_position + 1, at=at)
            topic.change(**columns_after_reply(topic, post))
            delete_draft_of(submission)
            clearance.count(post, at=at)
        return post
    except NOT_WRITTEN as error:
        return find_resubmission(by, submission_key, body) or store_or_raise(error, submission)


def _create_topic(section: Section, submission: Submission, *, at: datetime) -> Post:
    """Creates a topic and returns its original post."""
    topic = Topic.objects.create(
        section=section,
        title=submission.title,
        started_by=submission.by,
        started_at=at,
        last_position=1,
        last_post_at=at,
        last_post_by=submission.by,
        unread_at=at,
    )
    original = _create_post(topic, submission, position=1, at=at)
    if submission.poll:
        create_poll(topic, submission.poll, at=at)
    SectionVersion.objects.grow(section=section.pk, topic=topic.pk, topics=1)
    return original


def _create_post(topic: Topic, submission: Submission, *, position: int, at: datetime) -> Post:
    by, text = submission.by, submission.text
    post = Post.objects.create(
        topic=topic,
        author=by,
        position=position,
        posted_at=at,
        submission_key=submission.submission_key,
        folds=is_collapsible(position, author=by, is_thanks=text.is_thanks),
        **text.columns,
    )
    save_references(post, text, by=by)
    if not submission.is_approved:  # its author has just seen the posts above it
        mark_own_post_read(post)
    return post
