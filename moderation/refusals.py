"""What the desk's acts answer when they cannot be done although the form was right."""

from datetime import datetime

from accounts.models import Sanction, User
from accounts.record import LogEntry
from accounts.times import exact
from forum.models import Post
from forum.refusals import Refusal
from moderation.models import Case


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


class AlreadyLifted(Refusal):
    """The sanction is lifted, or over by itself; `sanction` says by whom and when."""

    def __init__(self, sanction: Sanction) -> None:
        super().__init__(f"sanction {sanction.pk} does not stand any more")
        self.sanction = sanction
