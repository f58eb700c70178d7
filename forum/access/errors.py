"""Errors of actions: the form was valid, but the action is not possible. Views turn each into a page of its own."""

from django.utils.translation import gettext as _

from core.diffs.merge import MergeResult
from forum.models import PendingPost, Poll, Post, Topic


class ActionError(Exception):
    """The action was not done and nothing was written."""


class NotAllowed(ActionError):
    """This person may not do this here, or not any more."""


def require(may: bool) -> None:
    """Raises NotAllowed unless the person has the permission."""
    if not may:
        raise NotAllowed


class PostMoved(ActionError):
    """The post was moved to another topic after it was read and before it was locked; forum/web/error_pages.py
    tries again."""


class TopicIsMerged(ActionError):
    """The topic was merged into another: `into` has its posts now."""

    def __init__(self, topic: Topic, into: Topic) -> None:
        super().__init__(f"topic {topic.pk} is merged into {into.pk}")
        self.topic, self.into = topic, into


class SlowModeActive(ActionError):
    """The topic is in slow mode, and the member replied too recently."""

    def __init__(self, topic: Topic, retry_after: int) -> None:
        super().__init__(f"topic {topic.pk} is slow")
        self.topic, self.retry_after = topic, retry_after


class TopicIsClosed(ActionError):
    def __init__(self, topic: Topic) -> None:
        super().__init__(f"topic {topic.pk} is closed")
        self.topic = topic


class HasReplies(NotAllowed):
    """Authors cannot delete their own topic once others have replied."""

    def __init__(self, topic: Topic) -> None:
        super().__init__(f"topic {topic.pk} has replies")
        self.topic = topic


def not_open_error(topic: Topic, *, were_it_open: bool) -> ActionError:
    """Returns the error for a topic that cannot be written in: that it is merged or closed only if `were_it_open`, that
    is, if the person could write there otherwise."""
    if topic.is_merged and were_it_open:
        return TopicIsMerged(topic, topic.merging.into)
    return TopicIsClosed(topic) if topic.is_closed and were_it_open else NotAllowed()


class PostRejected(ActionError):
    """The text cannot be posted as it is, or not yet. `words` is shown beside its field, which keeps its content."""

    def __init__(self, field: str, words: str, status: int = 422, retry_after: int | None = None) -> None:
        super().__init__(words)
        self.field, self.words, self.status, self.retry_after = field, words, status, retry_after


class NeedsApproval(ActionError):
    """The post needs approval; forum/approval/queue.py stores it as pending."""

    def __init__(self, why: PendingPost.Why, what: str = "") -> None:
        super().__init__(f"must wait: {why}")
        self.why, self.what = why, what


class PostPendingApproval(Exception):
    """The text was stored as pending: it is not rejected, but it is no post yet."""

    def __init__(self, waiting: PendingPost) -> None:
        super().__init__(f"text {waiting.pk} waits")
        self.waiting = waiting


class PollClosed(ActionError):
    def __init__(self, poll: Poll) -> None:
        super().__init__(f"poll {poll.pk} is over")
        self.poll = poll


class AlreadySubmitted(ActionError):
    """The same form has sent another text before, which became `sent`. This one was not written."""

    def __init__(self, sent: Post | PendingPost) -> None:
        super().__init__(f"submission became {sent.pk}")
        self.sent = sent

    @property
    def words(self) -> str:
        if isinstance(self.sent, Post):
            return _("You already posted an earlier version from this form. This version isn’t posted.")
        return _("You already sent an earlier version from this form for approval. This version isn’t sent.")


class EditConflict(ActionError):
    """Someone else saved first. `post` is the current state, `merged` both changes with the conflicts marked, or None
    if the revision that the editor started from is unknown."""

    def __init__(self, post: Post, merged: MergeResult | None = None) -> None:
        super().__init__(f"post {post.pk} has moved on")
        self.post, self.merged = post, merged


class TitleConflict(ActionError):
    """Someone else changed the title first; `topic` is the current state."""

    def __init__(self, topic: Topic) -> None:
        super().__init__(f"topic {topic.pk} has another title by now")
        self.topic = topic


class TooManyHighlights(ActionError):
    """The topic has HIGHLIGHTS_PER_TOPIC highlights already."""
