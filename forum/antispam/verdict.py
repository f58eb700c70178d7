"""What a rule, or an outside check, says of a text."""

from dataclasses import dataclass
from enum import StrEnum

from forum.models import WaitingPost


class Act(StrEnum):
    PASS = "pass"  # noqa: S105 - no password
    FLAG = "flag"
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Verdict:
    """`words`: what the writer of a refused text is told. `what`: what staff are told of one that waits."""

    act: Act = Act.PASS
    why: WaitingPost.Why = WaitingPost.Why.OUTSIDE
    words: str = ""
    what: str = ""


ALL_WELL = Verdict()
