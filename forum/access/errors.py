"""Errors of actions: the form was valid, but the action is not possible. forum/web/error_pages.py turns each into a
page."""

from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from core.diffs.merge import MergeResult
from core.web.action_errors import ActionError
from core.web.durations import in_minutes, in_seconds
from forum.models import PendingPost, Poll, Post, Topic
from forum.models.highlight import HIGHLIGHTS_PER_TOPIC


class NotAllowed(ActionError):
    """This person may not do this here, or not any more. Its page is that of PermissionDenied."""

    status = 403


class PostMoved(ActionError):
    """The post was moved to another topic after it was read and before it was locked; forum/web/error_pages.py
    tries again."""

    title = gettext_lazy("This post is being moved")
    explanation = gettext_lazy(
        "The post was moved to another topic at the same time. Nothing was changed. Please try again."
    )


class TopicIsMerged(ActionError):
    """The topic was merged into another: `into` has its posts now."""

    title = gettext_lazy("This topic was merged into another")
    explanation = gettext_lazy("It is no longer available.")  # for readers who cannot see `into`

    def __init__(self, topic: Topic, into: Topic) -> None:
        super().__init__()
        self.topic, self.into = topic, into


class SlowModeActive(ActionError):
    """The topic is in slow mode, and the member replied too recently."""

    status = 429
    title = gettext_lazy("This topic is in slow mode")

    def __init__(self, topic: Topic, retry_after: int) -> None:
        message = _("Each member can reply once every %(pause)s. Try again in %(wait)s.")
        super().__init__(message % {"pause": in_minutes(topic.slow_minutes), "wait": in_seconds(retry_after)})
        self.retry_after, self.back = retry_after, back_to(topic)


class TopicIsClosed(ActionError):
    title = gettext_lazy("This topic is closed")

    def __init__(self, topic: Topic) -> None:
        super().__init__(_("“%(title)s” is closed to new replies.") % {"title": topic.title})
        self.topic, self.back = topic, back_to(topic)


class HasReplies(ActionError):
    """Authors cannot delete their own topic once others have replied."""

    status = 403
    title = gettext_lazy("This topic has replies")
    explanation = gettext_lazy(
        "You can remove your topic only before anyone has replied. A moderator can still remove it."
    )

    def __init__(self, topic: Topic) -> None:
        super().__init__()
        self.back = back_to(topic)


class PostRejected(ActionError):
    """The text cannot be posted as it is, or not yet."""

    def __init__(
        self, field: str, explanation: str, status: int = 422, retry_after: int | None = None
    ) -> None:
        super().__init__(explanation)
        self.field, self.status, self.retry_after = field, status, retry_after


class NeedsApproval(ActionError):
    """The post needs approval; forum/approval/queue.py stores it as pending."""

    def __init__(self, why: PendingPost.Why, what: str = "") -> None:
        super().__init__()
        self.why, self.what = why, what


class PostPendingApproval(Exception):
    """The text was stored as pending: it is not rejected, but it is no post yet."""

    def __init__(self, pending: PendingPost) -> None:
        super().__init__(f"pending post {pending.pk}")
        self.pending = pending


class PollClosed(ActionError):
    title = gettext_lazy("This poll is closed")

    def __init__(self, poll: Poll) -> None:
        message = _("You can no longer vote or change your vote in “%(title)s”.")
        super().__init__(message % {"title": poll.topic.title})
        self.poll, self.back = poll, back_to(poll.topic)


class AlreadySubmitted(ActionError):
    """The same form has sent another text before, which became `submitted`. This one was not written."""

    def __init__(self, submitted: Post | PendingPost) -> None:
        if isinstance(submitted, Post):
            message = _("You already posted an earlier version from this form. This version isn’t posted.")
        else:
            message = _(
                "You already sent an earlier version from this form for approval. This version isn’t sent."
            )
        super().__init__(message)
        self.submitted = submitted


class EditConflict(ActionError):
    """Someone else saved first. `post` is the current state, `merged` both changes with the conflicts marked, or None
    if the revision that the editor started from is unknown."""

    def __init__(self, post: Post, merged: MergeResult | None = None) -> None:
        super().__init__()
        self.post, self.merged = post, merged


class TitleConflict(ActionError):
    """Someone else changed the title first; `topic` is the current state."""

    field = "title"

    def __init__(self, topic: Topic) -> None:
        message = _("The title was changed to “%(title)s” in the meantime. Save again to replace it.")
        super().__init__(message % {"title": topic.title})
        self.topic = topic


class TooManyHighlights(ActionError):
    """The topic has HIGHLIGHTS_PER_TOPIC highlights already."""

    title = gettext_lazy("This topic has no room for another highlight")
    explanation = format_lazy(
        gettext_lazy("A topic can have at most {most}. Remove one first."), most=HIGHLIGHTS_PER_TOPIC
    )


def back_to(topic: Topic) -> tuple[str, str]:
    return topic.get_absolute_url(), _("Back to topic")
