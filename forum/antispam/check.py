"""The checks before something is posted: watched words for everyone but staff, and the limits for new members. They run
before the topic is locked; what has to be counted is counted in the transaction that writes. Members who are not new
cost no query."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from core.text import Rendered
from forum.access import permissions
from forum.access.errors import MustWait, TextRefused
from forum.antispam import (
    external_check as outside,
    new_members as newcomers,
    notify_staff as flagging,
    repetition as prints,
    word_rules as words,
)
from forum.antispam.submission import Said
from forum.antispam.verdict import ALL_WELL, Act, Verdict
from forum.models import NewMemberTerms, Post, Quote, Section, WaitingPost

Why = WaitingPost.Why


@dataclass(frozen=True)
class Entry:
    """Permission to post, valid as long as the daily limits have room when the post is written."""

    said: Said
    by: User
    terms: NewMemberTerms | None = None  # of a new member
    flag: str = ""  # what staff are notified of

    def count(self, post: Post, *, at: datetime) -> None:
        """Call it last in the transaction of the post: simultaneous posts wait here for each other."""
        if self.flag:
            flagging.tell_staff(post, self.flag)
        if self.terms is None:
            return
        prints.require_new(self.said, by=self.by, terms=self.terms)
        newcomers.spend_day(self.by, self.terms, is_topic=self.said.topic is None, at=at)


def ask(said: Said, *, by: User) -> Entry:
    """Checks a new post. Raises TextRefused for what its author can change, and MustWait for what needs approval."""
    if permissions.is_staff_in(by, said.section):
        return Entry(said, by)
    if by.is_new or by.texts_waiting:
        _require_not_sent_before(said, by)
    flag = _obey(words.verdict_on(said.words))
    if not by.is_new:
        return Entry(said, by, flag=flag)
    terms = NewMemberTerms.objects.current()
    standing = newcomers.posts_that_stand(by, terms)
    if newcomers.has_arrived(by, terms, standing):
        return Entry(said, by, flag=flag)
    _obey(newcomers.verdict_on(said, by, terms, standing))
    flag = _obey(outside.verdict_on(said.words, by)) or flag
    return Entry(said, by, terms, flag)


def ask_edit(
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
    verdict = words.verdict_on(after, but_for=before)
    if verdict.act in (Act.REFUSE, Act.HOLD):
        raise TextRefused(field, str(words.REFUSED))
    if post and rendered and by.is_new:
        terms = NewMemberTerms.objects.current()
        if not newcomers.has_arrived(by, terms, newcomers.posts_that_stand(by, terms)):
            newcomers.require_no_more(post, after, rendered, quotes or [], terms, by=by)
    return verdict.what if verdict.act == Act.FLAG else ""


def _require_not_sent_before(said: Said, by: User) -> None:
    sent = WaitingPost.objects.filter(author=by, submission_key=said.submission_key).first()
    if sent:
        raise MustWait(Why(sent.why), sent.what)


def _obey(verdict: Verdict) -> str:
    """Returns what staff are notified of; raises TextRefused or MustWait."""
    if verdict.act == Act.REFUSE:
        raise TextRefused("body", verdict.words or str(words.REFUSED))
    if verdict.act == Act.HOLD:
        raise MustWait(Why(verdict.why), verdict.what)
    return (verdict.what or str(verdict.why.label)) if verdict.act == Act.FLAG else ""


__all__ = ["ALL_WELL", "Act", "Entry", "Said", "Verdict", "ask", "ask_edit"]
