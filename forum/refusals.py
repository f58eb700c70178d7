"""What an act answers when it cannot be done although the form was right. Views turn each into its own page."""

from forum.merging import Merged
from forum.models import Poll, Post, Topic


class Refusal(Exception):
    """The act was not done and nothing was written."""


class NotAllowed(Refusal):
    """This person may not do this here (any more)."""


class MovedMeanwhile(Refusal):
    """The post was moved to another topic between the look at it and the lock; forum/answers.py begins again."""


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


def refused(topic: Topic, *, were_it_open: bool) -> Refusal:
    """Whoever might, had the topic not been closed, is told of the closing; everybody else, that it is not theirs."""
    if topic.is_merged and were_it_open:
        return TopicIsMerged(topic, topic.merging.into)
    return TopicIsClosed(topic) if topic.is_closed and were_it_open else NotAllowed()


class PollIsOver(Refusal):
    def __init__(self, poll: Poll) -> None:
        super().__init__(f"poll {poll.pk} is over")
        self.poll = poll


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
