"""The steps of the sample's topics: who does what, how many minutes after the start."""

from dataclasses import dataclass
from datetime import timedelta

from forum.polls.polls import PollTerms


@dataclass(frozen=True)
class Say:
    """The first one starts the topic, the others reply. Later steps refer to a post by its `name`."""

    minute: float
    by: str
    body: str
    name: str = ""
    poll: PollTerms | None = None


@dataclass(frozen=True)
class Edit:
    minute: float
    by: str
    post: str
    body: str
    reason: str = ""


@dataclass(frozen=True)
class HighlightPost:
    minute: float
    by: str
    post: str


@dataclass(frozen=True)
class RemovePost:
    minute: float
    by: str
    post: str
    reason: str = ""


@dataclass(frozen=True)
class ReportPost:
    minute: float
    by: str
    post: str
    reason: str
    comment: str = ""


@dataclass(frozen=True)
class SettleCase:
    minute: float
    by: str
    post: str
    outcome: str
    note: str
    reason: str = ""


@dataclass(frozen=True)
class CloseTopic:
    minute: float
    by: str
    reason: str
    read_instead: str = ""  # the title of another topic


@dataclass(frozen=True)
class PinTopic:
    minute: float
    by: str


@dataclass(frozen=True)
class ThankPost:
    minute: float
    by: str
    post: str


@dataclass(frozen=True)
class CastVote:
    minute: float
    by: str
    option: str


Step = (
    Say
    | Edit
    | HighlightPost
    | RemovePost
    | ReportPost
    | SettleCase
    | CloseTopic
    | PinTopic
    | ThankPost
    | CastVote
)


@dataclass(frozen=True)
class Conversation:
    """A topic of the sample, and everything that happens in it."""

    section: str
    title: str
    began: timedelta  # ago
    steps: tuple[Step, ...]
