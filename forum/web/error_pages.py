"""Turns errors of actions into pages that explain them and give the text back."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.rate_limiting.limits import RateLimitExceeded
from core.web.preserved_input import has_text, rejected_response
from forum.access import permissions
from forum.access.errors import (
    ActionError,
    HasReplies,
    NotAllowed,
    PollClosed,
    PostMoved,
    PostPendingApproval,
    SlowModeActive,
    TooManyHighlights,
    TopicIsClosed,
    TopicIsMerged,
)
from forum.access.locks import retry_if_moved
from forum.access.pending_reasons import reason_for_author
from forum.models import PendingPost, Poll, Topic
from forum.web.durations import in_minutes, in_seconds

GetResponse = Callable[[HttpRequest], HttpResponse]


class ActionErrorMiddleware:
    """Middleware that handles the errors of all views. A view with a better page of its own catches the error
    itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, PostMoved):
            return _begin_again(request)
        return _error_page(request, exception)


def _begin_again(request: HttpRequest) -> HttpResponse:
    """Runs the view again, which looks up where the post is now. The action had written nothing. Further errors are
    handled like any other."""
    match = request.resolver_match
    assert match is not None  # noqa: S101 - a view has run
    try:
        return retry_if_moved(lambda: match.func(request, *match.args, **match.kwargs))
    except PostMoved:
        return rejected_response(
            request,
            409,
            title=_("This post is being moved"),
            explanation=_(
                "The post was moved to another topic at the same time. Nothing was changed. Please try again."
            ),
        )
    except Exception as refusal:
        if answer := _error_page(request, refusal):
            return answer
        raise


def _error_page(request: HttpRequest, refusal: Exception) -> HttpResponse | None:
    """Returns None for any other exception."""
    match refusal:
        case TopicIsMerged():
            return _merged_page(request, refusal.into)
        case TopicIsClosed():
            return _closed_page(request, refusal.topic)
        case PollClosed():
            return _poll_closed_page(request, refusal.poll)
        case PostPendingApproval():
            return _pending_page(request, refusal.waiting)
        case HasReplies():
            return _has_replies_page(request, refusal.topic)
        case NotAllowed():
            # config/availability/error_pages.py has the page, with the text if there was one
            raise PermissionDenied from refusal
        case SlowModeActive():
            return _slow_mode_page(request, refusal)
        case RateLimitExceeded():
            return _too_fast_page(request, refusal)
        case TooManyHighlights():
            return _too_many_highlights_page(request)
        case ActionError():
            return _not_possible_page(request, refusal)
    return None


def _has_replies_page(request: HttpRequest, topic: Topic) -> HttpResponse:
    return rejected_response(
        request,
        403,
        title=_("This topic has replies"),
        explanation=_(
            "You can remove your topic only before anyone has replied. A moderator can still remove it."
        ),
        back=(topic.get_absolute_url(), _("Back to topic")),
    )


def _too_many_highlights_page(request: HttpRequest) -> HttpResponse:
    return rejected_response(
        request,
        409,
        title=_("This topic already has ten highlights"),
        explanation=_("A topic can have at most ten. Remove one first."),
    )


def _slow_mode_page(request: HttpRequest, refusal: SlowModeActive) -> HttpResponse:
    return rejected_response(
        request,
        429,
        title=_("This topic is in slow mode"),
        explanation=_("Each member can reply once every %(pause)s. Try again in %(wait)s.")
        % {"pause": in_minutes(refusal.topic.slow_minutes), "wait": in_seconds(refusal.retry_after)},
        retry_after=refusal.retry_after,
        back=(refusal.topic.get_absolute_url(), _("Back to topic")),
    )


def _too_fast_page(request: HttpRequest, refusal: RateLimitExceeded) -> HttpResponse:
    return rejected_response(
        request,
        429,
        title=_("Slow down"),
        explanation=_("Please wait %(wait)s, then try again.") % {"wait": in_seconds(refusal.retry_after)},
        retry_after=refusal.retry_after,
    )


def _not_possible_page(request: HttpRequest, refusal: ActionError) -> HttpResponse:
    """An error without a page of its own: 409 with the text, never a server error."""
    return rejected_response(
        request,
        409,
        title=_("This is no longer possible"),
        explanation=getattr(refusal, "words", "")
        or _("Something changed in the meantime. Nothing was done."),
    )


def _pending_page(request: HttpRequest, waiting: PendingPost) -> HttpResponse:
    """Says that the post awaits approval. A repeated submission leads to what became of the first."""
    if waiting.post:
        return redirect(waiting.post)
    if not waiting.is_pending:
        return redirect(waiting)
    if waiting.is_topic:
        words = _("Your topic is pending review by a moderator. %(reason)s")
    else:
        words = _("Your reply is pending review by a moderator. %(reason)s")
    messages.info(request, words % {"reason": reason_for_author(waiting)})
    return redirect(waiting.url_in_context)


def _closed_page(request: HttpRequest, topic: Topic) -> HttpResponse:
    """Says who closed the topic, when, why and where to continue, and gives back a text that came too late."""
    if request.method == "POST":
        words = _("“%(title)s” was closed to new replies while you were writing.")
    else:
        words = _("“%(title)s” is closed to new replies.")
    closure = topic.current_closure
    elsewhere = closure.read_instead
    instead = elsewhere if elsewhere and permissions.can_read_topic(request.user, elsewhere) else None
    return rejected_response(
        request,
        409,
        title=_("This topic is closed"),
        explanation=words % {"title": topic.title},
        notice=render_to_string(
            "forum/topic_page/closure.html",
            {
                "closure": closure,
                "instead": instead,
                "sees_names": permissions.is_staff_in(request.user, topic.section),
            },
        ),
        back=(topic.get_absolute_url(), _("Back to topic")),
    )


def _merged_page(request: HttpRequest, into: Topic) -> HttpResponse:
    """Redirects a GET to the other topic, and gives back a text that came too late."""
    may_read = permissions.can_read_topic(request.user, into)
    if request.method != "POST" and may_read and not has_text(request):
        return redirect(into)
    return rejected_response(
        request,
        409,
        title=_("This topic was merged into another"),
        explanation=_("Its posts are now in “%(title)s”. You can reply there.") % {"title": into.title}
        if may_read
        else _("It is no longer available."),
        back=(into.get_absolute_url(), _("Go to that topic")) if may_read else None,
    )


def _poll_closed_page(request: HttpRequest, poll: Poll) -> HttpResponse:
    return rejected_response(
        request,
        409,
        title=_("This poll is closed"),
        explanation=_("You can no longer vote or change your vote in “%(title)s”.")
        % {"title": poll.topic.title},
        notice=render_to_string("forum/polls/poll_closed.html", {"poll": poll}),
        back=(poll.topic.get_absolute_url(), _("Back to topic")),
    )
