"""From what an act refuses to the page that says so and gives the text back. The one place where the two meet."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

from accounts import kept
from accounts.rates import TooFast
from forum import permissions
from forum.models import Poll, Topic, WaitingPost
from forum.refusals import Held, NotAllowed, PollIsOver, TooManyHighlights, TopicIsClosed

View = Callable[..., HttpResponse]


def answering_refusals(view: View) -> View:
    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except TopicIsClosed as refusal:
            return _say_closed(request, refusal.topic)
        except PollIsOver as refusal:
            return _say_over(request, refusal.poll)
        except Held as held:
            return _say_held(request, held.waiting)
        except NotAllowed as refusal:
            raise PermissionDenied from refusal  # config/errors.py has the page, with the text if there was one
        except TooManyHighlights:
            return kept.refuse(
                request,
                409,
                title="This topic has its ten highlights",
                explanation="Take one of them down first; more than ten would hide the topic itself.",
            )
        except TooFast as refusal:
            return kept.refuse(
                request,
                429,
                title="That was very quick",
                explanation=f"Please wait {refusal.retry_after} seconds, then send it again.",
                retry_after=refusal.retry_after,
            )

    return answered


def _say_held(request: HttpRequest, waiting: WaitingPost) -> HttpResponse:
    """The same submission again leads to what has become of it."""
    if waiting.post:
        return redirect(waiting.post)
    if not waiting.is_waiting:
        return redirect(waiting)
    what = "topic" if waiting.is_topic else "answer"
    messages.info(request, f"Your {what} waits for approval: a moderator looks at it first.")
    return redirect(waiting.seen_url)


def _say_closed(request: HttpRequest, topic: Topic) -> HttpResponse:
    """Who closed it, when, why, and where to read on; and the text, if it came too late."""
    meanwhile = "was closed while you were writing and " if request.method == "POST" else ""
    elsewhere = topic.closure.read_instead
    instead = elsewhere if elsewhere and permissions.can_read(request.user, elsewhere.section) else None
    return kept.refuse(
        request,
        409,
        title="This topic has been closed",
        explanation=f"“{topic.title}” {meanwhile}takes no more answers.",
        notice=render_to_string("forum/parts/closure.html", {"closure": topic.closure, "instead": instead}),
        back=(topic.get_absolute_url(), "Back to the topic"),
    )


def _say_over(request: HttpRequest, poll: Poll) -> HttpResponse:
    return kept.refuse(
        request,
        409,
        title="This poll is over",
        explanation=f"“{poll.topic.title}” takes no more votes, and those that were given stay as they are.",
        notice=render_to_string("forum/parts/poll_over.html", {"poll": poll}),
        back=(poll.topic.get_absolute_url(), "Back to the topic"),
    )
