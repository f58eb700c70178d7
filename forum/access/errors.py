"""What an act answers when it cannot be done although the form was right. Views turn each into its own page."""

from core.diffs.merge import Merged
from forum.models import Poll, Post, Topic, WaitingPost


class Refusal(Exception):
    """The act was not done and nothing was written."""


class NotAllowed(Refusal):
    """This person may not do this here (any more)."""


class MovedMeanwhile(Refusal):
    """The post was moved to another topic between the look at it and the lock; forum/web/error_pages.py begins
    again."""


class TopicIsMerged(Refusal):
    """The topic went into another: `into` is where its posts are now."""

    def __init__(self, topic: Topic, into: Topic) -> None:
        super().__init__(f"topic {topic.pk} is merged into {into.pk}")
        self.topic, self.into = topic, into


class SlowMode(Refusal):
    """The member has answered here a moment ago, and this topic asks for more patience than that."""

    def __init__(self, topic: Topic, retry_after: int) -> None:
        super().__init__(f"topic {topic.pk} is slow")
        self.topic, self.retry_after = topic, retry_after


class TopicIsClosed(Refusal):
    def __init__(self, topic: Topic) -> None:
        super().__init__(f"topic {topic.pk} is closed")
        self.topic = topic


class HasReplies(NotAllowed):
    """The topic cannot be taken back by whoever started it: others have written in it."""

    def __init__(self, topic: Topic) -> None:
        super().__init__(f"topic {topic.pk} has replies")
        self.topic = topic


def refused(topic: Topic, *, were_it_open: bool) -> Refusal:
    """Whoever might, had the topic not been closed, is told of the closing; everybody else, that it is not theirs."""
    if topic.is_merged and were_it_open:
        return TopicIsMerged(topic, topic.merging.into)
    return TopicIsClosed(topic) if topic.is_closed and were_it_open else NotAllowed()


class TextRefused(Refusal):
    """The text cannot be taken as it is, or not today; said beside its field, which keeps it."""

    def __init__(self, field: str, words: str, status: int = 422, retry_after: int | None = None) -> None:
        super().__init__(words)
        self.field, self.words, self.status, self.retry_after = field, words, status, retry_after


class MustWait(Refusal):
    """The text cannot be a post before staff let it in; forum/approval/queue.py keeps it meanwhile."""

    def __init__(self, why: WaitingPost.Why, what: str = "") -> None:
        super().__init__(f"must wait: {why}")
        self.why, self.what = why, what


class Held(Exception):
    """The text was taken and waits: no refusal, but no post either."""

    def __init__(self, waiting: WaitingPost) -> None:
        super().__init__(f"text {waiting.pk} waits")
        self.waiting = waiting


class PollIsOver(Refusal):
    def __init__(self, poll: Poll) -> None:
        super().__init__(f"poll {poll.pk} is over")
        self.poll = poll


class SentBefore(Refusal):
    """The form has sent another text before: `sent` is what became of that one. This one was not written."""

    def __init__(self, sent: Post | WaitingPost) -> None:
        super().__init__(f"this form has made {sent.pk} of another text")
        self.sent = sent

    @property
    def words(self) -> str:
        became = "is posted" if isinstance(self.sent, Post) else "was sent for approval"
        return f"An earlier text of this form {became}; this one is not."


class EditConflict(Refusal):
    """Somebody else saved first; `post` is what stands now, `merged` both changes with the places where they meet,
    if it is known what the writer started from."""

    def __init__(self, post: Post, merged: Merged | None = None) -> None:
        super().__init__(f"post {post.pk} has moved on")
        self.post, self.merged = post, merged


class TitleConflict(Refusal):
    """Somebody else changed the title first; `topic` is what stands now."""

    def __init__(self, topic: Topic) -> None:
        super().__init__(f"topic {topic.pk} has another title by now")
        self.topic = topic


class TooManyHighlights(Refusal):
    """The topic has its ten."""
