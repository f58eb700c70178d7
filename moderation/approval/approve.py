"""Approve or reject posts that await approval. Each action is logged once; AlreadyReviewed names who was first."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.log import log_action
from accounts.models import LogEntry, Person, Rule, User
from forum.access import permissions
from forum.access.audit_log import record_on
from forum.access.errors import AlreadySubmitted, NotAllowed, TopicIsClosed, TopicIsMerged
from forum.access.require import require
from forum.approval.queue import reopen, resolve
from forum.models import PendingPost, Post, Topic
from forum.polls.polls import terms_of_pending
from forum.posts import create as posts_create
from moderation.access.errors import AlreadyReviewed, CannotApprove
from moderation.posts.remove import remove_post
from notifications.inbox.notify import notify

Outcome = PendingPost.Outcome
OVERDUE_AFTER = timedelta(hours=24)  # posts that wait longer are marked
COUNTED_MAX = 99


@transaction.atomic
def approve_post(*, pending: PendingPost, by: User) -> Post:
    """Publishes the pending post with the current time and returns the new post. Does nothing if the same person has
    approved it before."""
    pending = PendingPost.objects.locked(pending.pk)
    if pending.topic:  # first: topics are locked before people
        Topic.objects.locked(_after_merges(pending.topic).pk)
    by, __ = User.objects.locked_both(by, pending.author)
    if not _is_to_decide(pending, by, Outcome.LET_IN) and pending.post:
        return pending.post
    pending.post = post = _publish(pending, by)
    resolve(pending, by=by, outcome=Outcome.LET_IN)
    topic = post.topic
    # Not `record_on(post)`: if its topic was merged into one of another section, the entry stays where the text waited.
    log_action(
        "let_in",
        by=by,
        target=post,
        name=topic.title,
        topic_id=topic.pk,
        section_id=pending.current_section.pk,
        facts={"waiting": pending.pk},
    )
    _notify_author(
        pending,
        topic,
        topic_text=_("Your topic “%(title)s” was approved."),
        reply_text=_("Your reply in “%(title)s” was approved."),
        other_reply_text=_("Your reply was approved."),
        url=post.get_absolute_url(),
    )
    return post


@transaction.atomic
def reject_post(*, pending: PendingPost, by: User, reason: str, rule: Rule | None = None) -> bool:
    """Rejects the pending post and notifies the author, who can still read it. Returns False if the same person has
    rejected it before."""
    pending = PendingPost.objects.locked(pending.pk)
    by, __ = User.objects.locked_both(by, pending.author)
    if not _is_to_decide(pending, by, Outcome.REFUSED):
        return False
    resolve(pending, by=by, outcome=Outcome.REFUSED, reason=reason)
    record_on("refuse_waiting", pending, by=by, reason=reason, rule=rule)
    _notify_author(
        pending,
        pending.topic,
        topic_text=_("Your topic “%(title)s” was not approved: %(reason)s"),
        reply_text=_("Your reply in “%(title)s” was not approved: %(reason)s"),
        other_reply_text=_("Your reply was not approved: %(reason)s"),
        url=pending.get_absolute_url(),
        reason=reason,
    )
    return True


@transaction.atomic
def undo_reject(entry: LogEntry, by: User) -> None:
    """Makes a rejected post pending again and notifies the author."""
    pending = PendingPost.objects.locked(entry.target_id)
    by, __ = User.objects.locked_both(by, pending.author)
    require(permissions.can_review_pending(by, pending))
    if pending.outcome != Outcome.REFUSED:
        return
    reopen(pending)
    record_on("wait_again", pending, by=by, undoes=entry)
    _notify_author(
        pending,
        pending.topic,
        topic_text=_("Your topic “%(title)s” is awaiting approval again."),
        reply_text=_("Your reply in “%(title)s” is awaiting approval again."),
        other_reply_text=_("Your reply is awaiting approval again."),
        url=pending.get_absolute_url(),
    )


def undo_approve(entry: LogEntry, by: User) -> None:
    """Removes the approved post like any other post, since it may have been read and replied to."""
    post = Post.objects.get(pk=entry.target_id)
    remove_post(post=post, by=by, reason=_("The approval was undone."), undoes=entry)


def overdue_count(person: Person, *, now: datetime | None = None) -> int:
    cutoff = (now or timezone.now()) - OVERDUE_AFTER
    return PendingPost.objects.reviewable_by(person).filter(sent_at__lt=cutoff)[:COUNTED_MAX].count()


def _notify_author(
    pending: PendingPost,
    topic: Topic | None,
    *,
    topic_text: str,
    reply_text: str,
    other_reply_text: str,
    url: str,
    **values: str,
) -> None:
    """Notifies the author with one of the three sentences. The title of a topic that they can no longer read is left
    out."""
    if pending.is_topic:
        text = topic_text % {"title": pending.title, **values}
    elif topic and permissions.can_read_topic(pending.author, topic):
        text = reply_text % {"title": topic.title, **values}
    else:
        text = other_reply_text % values
    notify(member=pending.author, text=text, url=url)


def _is_to_decide(pending: PendingPost, by: User, outcome: PendingPost.Outcome) -> bool:
    """Returns whether the post is pending, and False if `by` has decided the same before. Needs the locks of both."""
    require(permissions.can_review_pending(by, pending))
    if pending.is_pending:
        return True
    if (pending.resolved_by_id, pending.outcome) == (by.pk, outcome):
        return False
    raise AlreadyReviewed(pending)


def _publish(pending: PendingPost, by: User) -> Post:
    author, submission_key = pending.author, pending.submission_key
    try:
        if pending.topic:
            topic = _after_merges(pending.topic)
            if not permissions.is_staff_in(by, topic.section):
                raise CannotApprove(pending, _("Its topic was merged into one that you don’t moderate."))
            return posts_create.create_reply(
                topic=topic, by=author, body=pending.body, submission_key=submission_key, is_approved=True
            )
        return (
            posts_create.start_topic(
                section=pending.section,
                by=author,
                title=pending.title,
                body=pending.body,
                submission_key=submission_key,
                poll=terms_of_pending(pending),
                is_approved=True,
            )
            .posts.select_related("topic")
            .get(position=1)
        )
    except TopicIsClosed:
        raise CannotApprove(pending, _("Its topic is closed.")) from None
    except TopicIsMerged:  # in between
        raise CannotApprove(pending, _("Its topic was just merged into another one.")) from None
    except AlreadySubmitted:
        problem = _("The author has already posted another version from the same form.")
        raise CannotApprove(pending, problem) from None
    except NotAllowed:
        problem = _("%(name)s can no longer post there.") % {"name": author.name}
        raise CannotApprove(pending, problem) from None


def _after_merges(topic: Topic) -> Topic:
    """Returns the topic that now holds the posts, following merges."""
    while topic.is_merged:
        topic = topic.merging.into
    return topic
