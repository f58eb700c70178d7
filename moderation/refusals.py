"""What the desk's acts answer when they cannot be done although the form was right."""

from forum.refusals import Refusal
from moderation.models import Case


class AlreadySettled(Refusal):
    """Somebody else settled the case first; `case` says who, when and how."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"case {case.pk} is settled")
        self.case = case
