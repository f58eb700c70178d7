"""The result of a check, by a rule of ours or by the external check."""

from dataclasses import dataclass
from enum import StrEnum

from forum.models import PendingPost


class Action(StrEnum):
    PASS = "pass"  # noqa: S105 - no password
    FLAG = "flag"
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Verdict:
    """`message`: what the author of a rejected post is shown. `what`: what staff are shown of a held or flagged one."""

    act: Action = Action.PASS
    why: PendingPost.Why = PendingPost.Why.OUTSIDE
    message: str = ""
    what: str = ""


PASSED = Verdict()
