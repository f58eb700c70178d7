"""The checks before something is posted or edited: watched words for everyone but staff, and the limits for new
members. They run before anything is locked and return a Clearance, with which the transaction that writes counts what
is limited. Members who are not new cost no query."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rate_limiting import rate_counter
from core.text import graphemes
from forum.access import permissions
from forum.access.errors import NeedsApproval, PostRejected
from forum.antispam import external_check, new_members, watched_words
from forum.antispam.repetition import Repeatable, count_repeats, repeatable_in
from forum.antispam.submission import Submission
from forum.antispam.verdict import Action, Verdict
from forum.models import NewMemberLimits, PendingPost, Post, Section
from forum.models.maximum_lengths import REASON_MAX
from forum.post_text.prepare import PostText
from notifications.inbox.notify import notify

POST_LIMIT = rate_counter.Limit("post", 12, 60)
TOPIC_LIMIT = rate_counter.Limit("topic", 6, 600)
EDIT_LIMIT = rate_counter.Limit("edit", 30, 300)

Why = PendingPost.Why


@dataclass(frozen=True)
class Clearance:
    """Permission to write, valid as long as the limit has room when the post is written."""

    by: User
    limit: rate_counter.Limit | None  # None for a post that was counted when it was sent
    flag: str = ""  # what staff are notified of

    def count(self, post: Post, *, at: datetime) -> None:
        """Call it last in the transaction of the post: simultaneous posts wait here for each other."""
        if self.flag:
            notify_staff(post, self.flag)
        if self.limit:
            rate_counter.count_action(self.limit, by=self.by, now=at.timestamp())


@dataclass(frozen=True)
class NewMemberClearance(Clearance):
    """The same for a new post of a new member, who may repeat only so much and post only so often."""

    terms: NewMemberLimits = field(kw_only=True)
    repeatable: Repeatable = field(kw_only=True)

    def count(self, post: Post, *, at: datetime) -> None:
        count_repeats(self.repeatable)
        new_members.count_against_daily_limit(self.by, self.terms, is_topic=post.is_original, at=at)
        super().count(post, at=at)


def check_post(submission: Submission) -> Clearance:
    """Checks a new post. Raises PostRejected for what its author can change, and NeedsApproval for what needs
    approval."""
    by = submission.by
    if submission.is_approved:
        return Clearance(by, limit=None)
    limit = POST_LIMIT if submission.topic else TOPIC_LIMIT
    if permissions.is_staff_in(by, submission.section):
        return Clearance(by, limit)
    if by.is_new or by.texts_waiting:
        _require_not_pending(submission)
    text = submission.visible_text
    flag = _enforce(watched_words.verdict_on(text))
    if not by.is_new:
        return Clearance(by, limit, flag)
    terms = NewMemberLimits.objects.current()
    visible_posts = new_members.count_visible_posts(by, terms)
    if new_members.graduate(by, terms, visible_posts):
        return Clearance(by, limit, flag)
    _enforce(new_members.verdict_on(submission, terms, visible_posts))
    flag = _enforce(external_check.verdict_on(text, by)) or flag
    repeatable = repeatable_in(submission.text, by=by, terms=terms)
    return NewMemberClearance(by, limit, flag, terms=terms, repeatable=repeatable)


def check_edit(post: Post, text: PostText, *, by: User) -> Clearance:
    """Checks a new text for the post. If a new member edits it, the limits for new members are checked too."""
    section = post.topic.section
    flag = check_words(text.body, before=post.body, by=by, section=section)
    if by.is_new and text.body != post.body and not permissions.is_staff_in(by, section):
        terms = NewMemberLimits.objects.current()
        if not new_members.graduate(by, terms, new_members.count_visible_posts(by, terms)):
            new_members.check_edit_limits(post, text, terms, by=by)
    return Clearance(by, EDIT_LIMIT, flag)


def check_words(after: str, *, before: str, by: User, section: Section, field: str = "body") -> str:
    """Checks what replaces `before`, and returns what staff should be notified of, or an empty string. What is held in
    a new post is rejected here: the post is published already, and would have to be hidden to wait. Words that were in
    it before are allowed."""
    if permissions.is_staff_in(by, section) or before == after:
        return ""
    verdict = watched_words.verdict_on(after, previous_text=before)
    if verdict.act in (Action.REFUSE, Action.HOLD):
        raise PostRejected(field, str(watched_words.REJECTED))
    return verdict.what if verdict.act == Action.FLAG else ""


def notify_staff(post: Post, detail: str) -> None:
    """Notifies all staff of the section of a flagged post. Call it in the transaction that writes the post. `detail` is
    cut, since an external check may return a text of any length."""
    topic = post.topic
    text = _("A post by %(author)s in “%(topic)s” was flagged: %(words)s") % {
        "author": post.author.name,
        "topic": topic.title,
        "words": graphemes.truncate_with_ellipsis(detail, REASON_MAX),
    }
    for person in User.objects.exclude(role=User.Role.MEMBER).order_by("pk"):
        if permissions.is_staff_in(person, topic.section):
            notify(member=person, text=text, url=post.get_absolute_url())


def _require_not_pending(submission: Submission) -> None:
    pending = PendingPost.objects.filter(
        author=submission.by, submission_key=submission.submission_key
    ).first()
    if pending:
        raise NeedsApproval(Why(pending.why), pending.what)


def _enforce(verdict: Verdict) -> str:
    """Returns what staff are notified of; raises PostRejected or NeedsApproval."""
    if verdict.act == Action.REFUSE:
        raise PostRejected("body", verdict.message or str(watched_words.REJECTED))
    if verdict.act == Action.HOLD:
        raise NeedsApproval(Why(verdict.why), verdict.what)
    return (verdict.what or str(verdict.why.label)) if verdict.act == Action.FLAG else ""
