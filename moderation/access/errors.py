"""Errors that actions of moderation raise when they cannot be done, although the form was valid."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Sanction, User
from accounts.models.log_entry import LogEntry
from core.web.times import format_time
from forum.access.errors import ActionError
from forum.models import PendingPost, Post
from moderation.models import Appeal, Case, Mute


def already_done(by: User, at: datetime) -> str:
    """Returns the message for someone who comes second: who did it first, and when."""
    return _("%(name)s already did this at %(time)s.") % {"name": by.name, "time": format_time(at)}


class AlreadyResolved(ActionError):
    """Another moderator resolved the case first. `case` has who, when and how."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"case {case.pk} is resolved")
        self.case = case


class AlreadyMoved(ActionError):
    """Another moderator moved some of the posts first."""

    def __init__(self, by: User, at: datetime) -> None:
        super().__init__(f"moved by {by.name}, {at}")
        self.by, self.at = by, at


class CannotMove(ActionError):
    """The topic or posts cannot be moved there. `words` is the message that says why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class IsCurrentRevision(ActionError):
    """The newest revision cannot be hidden. The post has to be edited first."""

    def __init__(self, post: Post) -> None:
        super().__init__(f"post {post.pk}: newest revision")
        self.post = post


class CannotUndo(ActionError):
    """The action cannot be undone. `words` is the message that says why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class AlreadyUndone(CannotUndo):
    """Another moderator undid it first. `undid` is the log entry of that."""

    def __init__(self, undid: LogEntry) -> None:
        super().__init__(already_done(undid.by, undid.at))
        self.undid = undid


class AlreadySanctioned(ActionError):
    """Another moderator was first. `sanction` has who, when and until when."""

    def __init__(self, sanction: Sanction) -> None:
        super().__init__(f"sanction {sanction.pk} is active")
        self.sanction = sanction

    @property
    def words(self) -> str:
        return already_done(self.sanction.by, self.sanction.at)


class AlreadyLifted(ActionError):
    """The sanction was lifted or has expired. `sanction` has who lifted it, and when."""

    def __init__(self, sanction: Sanction) -> None:
        super().__init__(f"sanction {sanction.pk} is not active")
        self.sanction = sanction

    @property
    def words(self) -> str:
        if self.sanction.lifted_at and self.sanction.lifted_by:
            return already_done(self.sanction.lifted_by, self.sanction.lifted_at)
        return _("It has already expired.")


class NothingToRemove(ActionError):
    """The member has nothing left to remove. `entry` is the log entry of an earlier removal, if there was one."""

    def __init__(self, entry: LogEntry | None) -> None:
        super().__init__(f"cleared: entry {entry and entry.pk}")
        self.entry = entry

    @property
    def words(self) -> str:
        if self.entry is None:
            return _("This member has no posts to remove.")
        return already_done(self.entry.by, self.entry.at)


class ClaimedByAnother(ActionError):
    """The case is assigned to another moderator. `case` has who, and until when."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"case {case.pk} is claimed")
        self.case = case


class AlreadyDecided(ActionError):
    """Another moderator decided the appeal first. `appeal` has who, when and how."""

    def __init__(self, appeal: Appeal) -> None:
        super().__init__(f"appeal {appeal.pk} is decided")
        self.appeal = appeal


class ReportsMuted(ActionError):
    """The member cannot report posts at the moment. `mute` has until when, and why."""

    def __init__(self, mute: Mute) -> None:
        super().__init__(f"mute {mute.pk} is active")
        self.mute = mute


class AlreadyReviewed(ActionError):
    """The pending post was reviewed by another moderator, or withdrawn. `waiting` has who, when and how."""

    def __init__(self, waiting: PendingPost) -> None:
        super().__init__(f"post {waiting.pk} is not pending")
        self.waiting = waiting


class CannotApprove(ActionError):
    """The post cannot be approved and stays pending. `why` is the message that says why."""

    def __init__(self, waiting: PendingPost, why: str) -> None:
        super().__init__(f"post {waiting.pk} cannot be approved: {why}")
        self.waiting, self.why = waiting, why
