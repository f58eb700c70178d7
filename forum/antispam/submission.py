"""What is checked before it is posted."""

from dataclasses import dataclass
from uuid import UUID

from core.text import Rendered
from forum.models import Quote, Section, Topic
from forum.polls.polls import PollTerms


@dataclass(frozen=True)
class Said:
    """A text that is sent, and where to. `trapped`: its form was filled in as no person would."""

    section: Section
    body: str
    rendered: Rendered
    quotes: list[Quote]
    submission_key: UUID
    topic: Topic | None = None  # None: it begins one
    title: str = ""
    poll: PollTerms | None = None
    trapped: bool = False

    @property
    def words(self) -> str:
        """All that somebody could read in it."""
        polled = [self.poll.question, *self.poll.options] if self.poll else []
        return "\n".join([self.title, self.body, *polled])
