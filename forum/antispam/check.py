"""The checks before something is posted: watched words for everyone but staff, and the limits for new members. They run
before the topic is locked; what has to be counted is counted in the transaction that writes. Members who are not new
cost no query."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from core.text import Rendered
from forum.access import permissions
from forum.access.errors import NeedsApproval, PostRejected
from forum.antispam import new_members, word_rules
from forum.antispam.external_check import verdict_on
from forum.antispam.notify_staff import notify_staff
from forum.antispam.repetition import check_repetition
from forum.antispam.submission import Submission
from forum.antispam.verdict import PASSED, Action, Verdict
from forum.models import NewMemberLimits, PendingPost, Post, Quote, Section

Why = PendingPost.Why


@dataclass(frozen=True)
class Clearance:
    """Permission to post, valid as long as the daily limits have room when the post is written."""

    said: Submission
    by: User
    terms: NewMemberLimits | None = None  # of a new member
    flag: str = ""  # what staff are notified of

    def count(self, post: Post, *, at: datetime) -> None:
        """Call it last in the transaction of the post: simultaneous posts wait here for each other."""
        if self.flag:
            notify_staff(post, self.flag)
        if self.terms is None:
            return
        check_repetition(self.said, by=self.by, terms=self.terms)
        new_members.count_against_daily_limit(self.by, self.terms, is_topic=self.said.topic is None, at=at)


def check_post(said: Submission, *, by: User) -> Clearance:
    """Checks a new post. Raises PostRejected for what its author can change, and NeedsApproval for what needs
    approval."""
    if permissions.is_staff_in(by, said.section):
        return Clearance(said, by)
    if by.is_new or by.texts_waiting:
        _require_not_pending(said, by)
    flag = _enforce(word_rules.verdict_on(said.words))
    if not by.is_new:
        return Clearance(said, by, flag=flag)
    terms = NewMemberLimits.objects.current()
    standing = new_members.count_visible_posts(by, terms)
    if new_members.graduate(by, terms, standing):
        return Clearance(said, by, flag=flag)
    _enforce(new_members.verdict_on(said, by, terms, standing))
    flag = _enforce(verdict_on(said.words, by)) or flag
    return Clearance(said, by, terms, flag)


def check_edit(
    *,
    before: str,
    after: str,
    by: User,
    section: Section,
    field: str = "body",
    post: Post | None = None,
    rendered: Rendered | None = None,
    quotes: list[Quote] | None = None,
) -> str:
    """Checks an edit and returns what staff should be notified of, or an empty string. What is held in a new post is
    rejected in an edit: the post is published already, and would have to be hidden to wait. Words that were in it
    before are allowed. If a new member edits `post`, the limits for new members are checked too."""
    if permissions.is_staff_in(by, section) or before == after:
        return ""
    verdict = word_rules.verdict_on(after, but_for=before)
    if verdict.act in (Action.REFUSE, Action.HOLD):
        raise PostRejected(field, str(word_rules.REJECTED))
    if post and rendered and by.is_new:
        terms = NewMemberLimits.objects.current()
        if not new_members.graduate(by, terms, new_members.count_visible_posts(by, terms)):
            new_members.check_edit_limits(post, after, rendered, quotes or [], terms, by=by)
    return verdict.what if verdict.act == Action.FLAG else ""


def _require_not_pending(said: Submission, by: User) -> None:
    sent = PendingPost.objects.filter(author=by, submission_key=said.submission_key).first()
    if sent:
        raise NeedsApproval(Why(sent.why), sent.what)


def _enforce(verdict: Verdict) -> str:
    """Returns what staff are notified of; raises PostRejected or NeedsApproval."""
    if verdict.act == Action.REFUSE:
        raise PostRejected("body", verdict.words or str(word_rules.REJECTED))
    if verdict.act == Action.HOLD:
        raise NeedsApproval(Why(verdict.why), verdict.what)
    return (verdict.what or str(verdict.why.label)) if verdict.act == Action.FLAG else ""


__all__ = ["PASSED", "Action", "Clearance", "Submission", "Verdict", "check_post", "check_edit"]
