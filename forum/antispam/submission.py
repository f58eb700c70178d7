"""What a member submits, as the checks see it."""

from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from forum.models import Section, Topic
from forum.models.draft import reply_draft_key, topic_draft_key
from forum.polls.polls import PollTerms
from forum.post_text.prepare import PostText


@dataclass(frozen=True)
class Submission:
    """A new post and where it goes: a reply in `topic`, or without one a new topic of the section."""

    by: User
    section: Section
    text: PostText
    submission_key: UUID
    topic: Topic | None = None
    title: str = ""
    poll: PollTerms | None = None
    draft: int = 0  # the version of the draft that was sent
    filled_honeypot: bool = False  # the invisible field of its form was filled in
    is_approved: bool = False  # by staff: it was checked and counted when it was sent

    @property
    def visible_text(self) -> str:
        """All text that readers would see."""
        poll_texts = [self.poll.question, *self.poll.options] if self.poll else []
        return "\n".join([self.title, self.text.body, *poll_texts])

    @property
    def draft_key(self) -> str:
        return reply_draft_key(self.topic.pk) if self.topic else topic_draft_key(self.section.pk)
