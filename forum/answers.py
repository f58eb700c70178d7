"""From what an act refuses to the page that says so and gives the text back. The one place where the two meet."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import ngettext

from accounts import kept
from accounts.rates import TooFast
from forum import permissions
from forum.models import Poll, Topic, WaitingPost
from forum.refusals import (
    Held,
    MovedMeanwhile,
    NotAllowed,
    PollIsOver,
    SlowMode,
    TooManyHighlights,
    TopicIsClosed,
    TopicIsMerged,
)
from forum.terms import minutes

View = Callable[..., HttpResponse]


def answering_refusals(view: View) -> View:
    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except MovedMeanwhile:  # once is enough: whoever moves a post twice in that time is a machine
            return view(request, *args, **kwargs)
        except TopicIsMerged as refusal:
            return _say_merged(request, refusal.into)
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
        except SlowMode as refusal:
            return kept.refuse(
                request,
                429,
                title="This topic is in slow mode",
                explanation=f"A member answers here once in {minutes(refusal.topic.slow_minutes)}."
                f" Send it again in {_in_time(refusal.retry_after)}.",
                retry_after=refusal.retry_after,
                back=(refusal.topic.get_absolute_url(), "Back to the topic"),
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


def _in_time(seconds: int) -> str:
    return (
        ngettext("%d second", "%d seconds", seconds) % seconds
        if seconds < 100
        else minutes(-(-seconds // 60))
    )


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
    closure = topic.standing_closure
    elsewhere = closure.read_instead
    instead = elsewhere if elsewhere and permissions.can_read_topic(request.user, elsewhere) else None
    return kept.refuse(
        request,
        409,
        title="This topic has been closed",
        explanation=f"“{topic.title}” {meanwhile}takes no more answers.",
        notice=render_to_string(
            "forum/parts/closure.html",
            {
                "closure": closure,
                "instead": instead,
                "sees_names": permissions.is_staff_in(request.user, topic.section),
            },
        ),
        back=(topic.get_absolute_url(), "Back to the topic"),
    )


def _say_merged(request: HttpRequest, into: Topic) -> HttpResponse:
    """A GET goes on to the topic that it went into; a text that came too late is given back."""
    may_read = permissions.can_read_topic(request.user, into)
    if request.method != "POST" and may_read and not kept.has_text(request):
        return redirect(into)
    return kept.refuse(
        request,
        409,
        title="This topic went into another",
        explanation=f"Its posts stand in “{into.title}” now: answer there."
        if may_read
        else "It is not here any more.",
        back=(into.get_absolute_url(), "To that topic") if may_read else None,
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
