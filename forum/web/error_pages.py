"""From what an act refuses to the page that says so and gives the text back. The one place where the two meet."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import ngettext

from accounts.rate_limiting.limits import TooFast
from core.web import preserved_input as kept
from forum.access import locks as locking, permissions
from forum.access.errors import (
    HasReplies,
    Held,
    MovedMeanwhile,
    NotAllowed,
    PollIsOver,
    Refusal,
    SlowMode,
    TooManyHighlights,
    TopicIsClosed,
    TopicIsMerged,
)
from forum.access.pending_reasons import why_told
from forum.models import Poll, Topic, WaitingPost
from forum.web.durations import minutes

Answer = Callable[[HttpRequest], HttpResponse]


class AnswerRefusals:
    """Every view's refusals end here, so that no view can forget them. A view that has a better page of its own
    catches the refusal itself."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, MovedMeanwhile):
            return _begin_again(request)
        return _answer(request, exception)


def _begin_again(request: HttpRequest) -> HttpResponse:
    """The act wrote nothing, and the view looks again at where the post is now. What it refuses then is answered like
    any other refusal."""
    match = request.resolver_match
    assert match is not None  # noqa: S101 - a view has run
    try:
        return locking.begin_again(lambda: match.func(request, *match.args, **match.kwargs))
    except MovedMeanwhile:
        return kept.refuse(
            request,
            409,
            title="This post is being moved",
            explanation="It was moved to another topic while this was done. Nothing was changed; send it again.",
        )
    except Exception as refusal:
        if answer := _answer(request, refusal):
            return answer
        raise


def _answer(request: HttpRequest, refusal: Exception) -> HttpResponse | None:
    """None for what is no refusal."""
    match refusal:
        case TopicIsMerged():
            return _say_merged(request, refusal.into)
        case TopicIsClosed():
            return _say_closed(request, refusal.topic)
        case PollIsOver():
            return _say_over(request, refusal.poll)
        case Held():
            return _say_held(request, refusal.waiting)
        case HasReplies():
            return _say_has_replies(request, refusal.topic)
        case NotAllowed():
            # config/availability/error_pages.py has the page, with the text if there was one
            raise PermissionDenied from refusal
        case SlowMode():
            return _say_slow(request, refusal)
        case TooFast():
            return _say_too_fast(request, refusal)
        case TooManyHighlights():
            return _say_too_many_highlights(request)
        case Refusal():
            return _say_not_possible(request, refusal)
    return None


def _say_has_replies(request: HttpRequest, topic: Topic) -> HttpResponse:
    return kept.refuse(
        request,
        403,
        title="This topic has replies",
        explanation="You can remove your topic only while nobody has replied. Moderators can remove it.",
        back=(topic.get_absolute_url(), "Back to the topic"),
    )


def _say_too_many_highlights(request: HttpRequest) -> HttpResponse:
    return kept.refuse(
        request,
        409,
        title="This topic has its ten highlights",
        explanation="Take one of them down first; more than ten would hide the topic itself.",
    )


def _say_slow(request: HttpRequest, refusal: SlowMode) -> HttpResponse:
    return kept.refuse(
        request,
        429,
        title="This topic is in slow mode",
        explanation=f"A member answers here once in {minutes(refusal.topic.slow_minutes)}."
        f" Send it again in {_in_time(refusal.retry_after)}.",
        retry_after=refusal.retry_after,
        back=(refusal.topic.get_absolute_url(), "Back to the topic"),
    )


def _say_too_fast(request: HttpRequest, refusal: TooFast) -> HttpResponse:
    return kept.refuse(
        request,
        429,
        title="That was very quick",
        explanation=f"Please wait {refusal.retry_after} seconds, then send it again.",
        retry_after=refusal.retry_after,
    )


def _say_not_possible(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal that nobody wrote a page for: 409 with the text, never an error of the server."""
    return kept.refuse(
        request,
        409,
        title="This is not possible any more",
        explanation=getattr(refusal, "words", "")
        or "Something has changed in the meantime. Nothing was done.",
    )


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
    messages.info(
        request, f"Your {what} waits for approval: a moderator looks at it first. {why_told(waiting)}"
    )
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
