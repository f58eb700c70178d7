"""Errors that actions of moderation raise when they cannot be done, although the form was valid."""

from datetime import datetime

from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Sanction, User
from accounts.models.log_entry import LogEntry
from core.web.times import format_time
from forum.access.errors import ActionError, back_to
from forum.models import PendingPost, Post, Topic
from moderation.models import Appeal, Case, Mute


def already_done(by: User, at: datetime) -> str:
    """Returns the message for someone who comes second: who did it first, and when."""
    return _("%(name)s already did this at %(time)s.") % {"name": by.name, "time": format_time(at)}


class AlreadyResolved(ActionError):
    """Another moderator resolved the case first. `case` has who, when and how."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case


class AlreadyMoved(ActionError):
    """Another moderator moved some of the posts first."""

    title = gettext_lazy("These posts have already been moved")

    def __init__(self, topic: Topic, by: User, at: datetime) -> None:
        message = _("%(name)s moved some of them at %(time)s. No other posts were moved.")
        super().__init__(message % {"name": by.name, "time": format_time(at)})
        self.back = back_to(topic)


class CannotMove(ActionError):
    """The topic or posts cannot be moved there."""

    status = 422


class CannotMerge(CannotMove):
    field = "into"


class IsCurrentRevision(ActionError):
    """The newest revision cannot be hidden. The post has to be edited first."""

    title = gettext_lazy("This is the current text of the post")
    explanation = gettext_lazy("Edit the post first, then hide this revision.")

    def __init__(self, post: Post) -> None:
        super().__init__()
        self.back = post.url_for("edit"), _("Edit post")


class CannotUndo(ActionError):
    """The action cannot be undone."""


class AlreadyUndone(CannotUndo):
    """Another moderator undid it first. `undid` is the log entry of that."""

    def __init__(self, undid: LogEntry) -> None:
        super().__init__(already_done(undid.by, undid.at))
        self.undid = undid


class AlreadySanctioned(ActionError):
    """Another moderator was first. `sanction` has who, when and until when."""

    def __init__(self, sanction: Sanction) -> None:
        super().__init__(already_done(sanction.by, sanction.at))
        self.sanction = sanction


class AlreadyLifted(ActionError):
    """The sanction was lifted, or has expired."""

    def __init__(self, sanction: Sanction) -> None:
        if sanction.lifted_at and sanction.lifted_by:
            super().__init__(already_done(sanction.lifted_by, sanction.lifted_at))
        else:
            super().__init__(_("It has already expired."))


class NothingToRemove(ActionError):
    """The member has nothing left to remove. `entry` is the log entry of an earlier removal, if there was one."""

    def __init__(self, entry: LogEntry | None) -> None:
        message = already_done(entry.by, entry.at) if entry else _("This member has no posts to remove.")
        super().__init__(message)
        self.entry = entry


class ClaimedByAnother(ActionError):
    """The case is assigned to another moderator. `case` has who, and until when."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case


class AlreadyDecided(ActionError):
    """Another moderator decided the appeal first. `appeal` has who, when and how."""

    def __init__(self, appeal: Appeal) -> None:
        super().__init__()
        self.appeal = appeal


class ReportsMuted(ActionError):
    """The member cannot report posts at the moment. `mute` has until when, and why."""

    def __init__(self, mute: Mute) -> None:
        super().__init__()
        self.mute = mute


class AlreadyReviewed(ActionError):
    """The pending post was reviewed by another moderator, or withdrawn. `pending` has who, when and how."""

    def __init__(self, pending: PendingPost) -> None:
        name = pending.resolved_by.name if pending.resolved_by else ""
        time = format_time(pending.resolved_at) if pending.resolved_at else ""
        message = str(ALREADY_REVIEWED[pending.outcome])
        super().__init__(message % {"title": pending.heading, "name": name, "time": time})
        self.pending = pending


ALREADY_REVIEWED = {
    "let_in": gettext_lazy("“%(title)s” was already approved by %(name)s, %(time)s."),
    "refused": gettext_lazy("“%(title)s” was already rejected by %(name)s, %(time)s."),
    "taken_back": gettext_lazy("“%(title)s” was already withdrawn by %(name)s, %(time)s."),
}


class CannotApprove(ActionError):
    """The post cannot be approved and stays pending. `problem` says why."""

    def __init__(self, pending: PendingPost, problem: str) -> None:
        message = _("“%(title)s” by %(name)s is still pending. %(problem)s")
        super().__init__(
            message % {"title": pending.heading, "name": pending.author.name, "problem": problem}
        )
