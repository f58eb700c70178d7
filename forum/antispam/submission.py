"""What a member submits, as the checks see it."""

from dataclasses import dataclass
from uuid import UUID

from core.text import Rendered
from forum.models import Quote, Section, Topic
from forum.polls.polls import PollTerms


@dataclass(frozen=True)
class Submission:
    """A submitted post and where it goes. `trapped`: the invisible field of its form was filled in."""

    section: Section
    body: str
    rendered: Rendered
    quotes: list[Quote]
    submission_key: UUID
    topic: Topic | None = None  # None: it starts a new one
    title: str = ""
    poll: PollTerms | None = None
    trapped: bool = False

    @property
    def words(self) -> str:
        """All text that readers would see."""
        polled = [self.poll.question, *self.poll.options] if self.poll else []
        return "\n".join([self.title, self.body, *polled])
