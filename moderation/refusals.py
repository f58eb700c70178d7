"""What the desk's acts answer when they cannot be done although the form was right."""

from forum.models import WaitingPost
from forum.refusals import Refusal
from moderation.models import Case


class AlreadySettled(Refusal):
    """Somebody else settled the case first; `case` says who, when and how."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"case {case.pk} is settled")
        self.case = case


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
