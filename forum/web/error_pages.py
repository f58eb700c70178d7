"""Turns errors of actions into pages that explain them and give the text back."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

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
from forum.web.durations import minutes, seconds

Answer = Callable[[HttpRequest], HttpResponse]


class AnswerRefusals:
    """Middleware that handles the errors of all views. A view with a better page of its own catches the error
    itself."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, MovedMeanwhile):
            return _begin_again(request)
        return _answer(request, exception)


def _begin_again(request: HttpRequest) -> HttpResponse:
    """Runs the view again, which looks up where the post is now. The action had written nothing. Further errors are
    handled like any other."""
    match = request.resolver_match
    assert match is not None  # noqa: S101 - a view has run
    try:
        return locking.begin_again(lambda: match.func(request, *match.args, **match.kwargs))
    except MovedMeanwhile:
        return kept.refuse(
            request,
            409,
            title=_("This post is being moved"),
            explanation=_(
                "The post was moved to another topic at the same time. Nothing was changed. Please try again."
            ),
        )
    except Exception as refusal:
        if answer := _answer(request, refusal):
            return answer
        raise


def _answer(request: HttpRequest, refusal: Exception) -> HttpResponse | None:
    """Returns None for any other exception."""
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
        title=_("This topic has replies"),
        explanation=_(
            "You can remove your topic only before anyone has replied. A moderator can still remove it."
        ),
        back=(topic.get_absolute_url(), _("Back to topic")),
    )


def _say_too_many_highlights(request: HttpRequest) -> HttpResponse:
    return kept.refuse(
        request,
        409,
        title=_("This topic already has ten highlights"),
        explanation=_("A topic can have at most ten. Remove one first."),
    )


def _say_slow(request: HttpRequest, refusal: SlowMode) -> HttpResponse:
    return kept.refuse(
        request,
        429,
        title=_("This topic is in slow mode"),
        explanation=_("Each member can reply once every %(pause)s. Try again in %(wait)s.")
        % {"pause": minutes(refusal.topic.slow_minutes), "wait": seconds(refusal.retry_after)},
        retry_after=refusal.retry_after,
        back=(refusal.topic.get_absolute_url(), _("Back to topic")),
    )


def _say_too_fast(request: HttpRequest, refusal: TooFast) -> HttpResponse:
    return kept.refuse(
        request,
        429,
        title=_("Slow down"),
        explanation=_("Please wait %(wait)s, then try again.") % {"wait": seconds(refusal.retry_after)},
        retry_after=refusal.retry_after,
    )


def _say_not_possible(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """An error without a page of its own: 409 with the text, never a server error."""
    return kept.refuse(
        request,
        409,
        title=_("This is no longer possible"),
        explanation=getattr(refusal, "words", "")
        or _("Something changed in the meantime. Nothing was done."),
    )


def _say_held(request: HttpRequest, waiting: WaitingPost) -> HttpResponse:
    """Says that the post awaits approval. A repeated submission leads to what became of the first."""
    if waiting.post:
        return redirect(waiting.post)
    if not waiting.is_waiting:
        return redirect(waiting)
    if waiting.is_topic:
        words = _("Your topic is pending review by a moderator. %(reason)s")
    else:
        words = _("Your reply is pending review by a moderator. %(reason)s")
    messages.info(request, words % {"reason": why_told(waiting)})
    return redirect(waiting.seen_url)


def _say_closed(request: HttpRequest, topic: Topic) -> HttpResponse:
    """Says who closed the topic, when, why and where to continue, and gives back a text that came too late."""
    if request.method == "POST":
        words = _("“%(title)s” was closed to new replies while you were writing.")
    else:
        words = _("“%(title)s” is closed to new replies.")
    closure = topic.standing_closure
    elsewhere = closure.read_instead
    instead = elsewhere if elsewhere and permissions.can_read_topic(request.user, elsewhere) else None
    return kept.refuse(
        request,
        409,
        title=_("This topic is closed"),
        explanation=words % {"title": topic.title},
        notice=render_to_string(
            "forum/parts/closure.html",
            {
                "closure": closure,
                "instead": instead,
                "sees_names": permissions.is_staff_in(request.user, topic.section),
            },
        ),
        back=(topic.get_absolute_url(), _("Back to topic")),
    )


def _say_merged(request: HttpRequest, into: Topic) -> HttpResponse:
    """Redirects a GET to the other topic, and gives back a text that came too late."""
    may_read = permissions.can_read_topic(request.user, into)
    if request.method != "POST" and may_read and not kept.has_text(request):
        return redirect(into)
    return kept.refuse(
        request,
        409,
        title=_("This topic was merged into another"),
        explanation=_("Its posts are now in “%(title)s”. You can reply there.") % {"title": into.title}
        if may_read
        else _("It is no longer available."),
        back=(into.get_absolute_url(), _("Go to that topic")) if may_read else None,
    )


def _say_over(request: HttpRequest, poll: Poll) -> HttpResponse:
    return kept.refuse(
        request,
        409,
        title=_("This poll is closed"),
        explanation=_("You can no longer vote or change your vote in “%(title)s”.")
        % {"title": poll.topic.title},
        notice=render_to_string("forum/parts/poll_over.html", {"poll": poll}),
        back=(poll.topic.get_absolute_url(), _("Back to topic")),
    )
