"""What the desk's acts answer when they cannot be done although the form was right."""

from datetime import datetime

from accounts.models import Sanction, User
from accounts.models.log_entry import LogEntry
from core.web.times import exact
from forum.access.errors import Refusal
from forum.models import Post, WaitingPost
from moderation.models import Appeal, Case, Mute


class AlreadySettled(Refusal):
    """Somebody else settled the case first; `case` says who, when and how."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"case {case.pk} is settled")
        self.case = case


class AlreadyMoved(Refusal):
    """Somebody else moved it first."""

    def __init__(self, by: User, at: datetime) -> None:
        super().__init__(f"{by.name} has moved it already, at {exact(at)}")
        self.by, self.at = by, at


class CannotMove(Refusal):
    """It cannot go there; `words` say why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class IsWhatItSaysNow(Refusal):
    """The newest revision is not hidden; the post is edited first."""

    def __init__(self, post: Post) -> None:
        super().__init__(f"post {post.pk} says this now")
        self.post = post


class CannotUndo(Refusal):
    """`words` say why, to whoever asked."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class AlreadyUndone(CannotUndo):
    """`undid`: the entry of what somebody else did first."""

    def __init__(self, undid: LogEntry) -> None:
        super().__init__(f"Already done by {undid.by.name}, {exact(undid.at)}.")
        self.undid = undid


class AlreadySanctioned(Refusal):
    """Somebody else was quicker; `sanction` says who, when and until when."""

    def __init__(self, sanction: Sanction) -> None:
        super().__init__(f"sanction {sanction.pk} stands")
        self.sanction = sanction

    @property
    def words(self) -> str:
        return f"Already done by {self.sanction.by.name}, {exact(self.sanction.at)}."


class AlreadyLifted(Refusal):
    """The sanction is lifted, or over by itself; `sanction` says by whom and when."""

    def __init__(self, sanction: Sanction) -> None:
        super().__init__(f"sanction {sanction.pk} does not stand any more")
        self.sanction = sanction

    @property
    def words(self) -> str:
        if self.sanction.lifted_at and self.sanction.lifted_by:
            return f"Already done by {self.sanction.lifted_by.name}, {exact(self.sanction.lifted_at)}."
        return "Its time is over."


class AlreadyCleared(Refusal):
    """Nothing is left to remove of what the member wrote; `entry` says who removed it and when, if somebody did."""

    def __init__(self, entry: LogEntry | None) -> None:
        super().__init__("nothing is left")
        self.entry = entry

    @property
    def words(self) -> str:
        if self.entry is None:
            return "There is nothing by this member to remove."
        return f"Already done by {self.entry.by.name}, {exact(self.entry.at)}."


class TakenByAnother(Refusal):
    """Somebody else has the case for now; `case` says who, and until when."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"case {case.pk} is taken")
        self.case = case


class AlreadyDecided(Refusal):
    """Somebody else decided the appeal first; `appeal` says who, when and how."""

    def __init__(self, appeal: Appeal) -> None:
        super().__init__(f"appeal {appeal.pk} is decided")
        self.appeal = appeal


class ReportsMuted(Refusal):
    """This member's reports are not taken for now; `mute` says until when, and why."""

    def __init__(self, mute: Mute) -> None:
        super().__init__(f"mute {mute.pk} stands")
        self.mute = mute


class AlreadyLookedAt(Refusal):
    """Somebody else was first, or its writer took the text back; `waiting` says who, when and how."""

    def __init__(self, waiting: WaitingPost) -> None:
        super().__init__(f"text {waiting.pk} waits no more")
        self.waiting = waiting


class CannotBeLetIn(Refusal):
    """It waits still; `why` says what stands against it."""

    def __init__(self, waiting: WaitingPost, why: str) -> None:
        super().__init__(f"text {waiting.pk} cannot be let in: {why}")
        self.waiting, self.why = waiting, why
