"""What the desk's acts answer when they cannot be done although the form was right."""

from datetime import datetime

from accounts.models import User
from accounts.times import exact
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
    """It cannot go there; `why` says so in a sentence."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
