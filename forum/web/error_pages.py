"""Turns errors of actions into pages that explain them and give the text back."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.web.action_errors import ActionError, error_page
from core.web.preserved_input import has_text
from forum.access import permissions
from forum.access.errors import (
    NotAllowed,
    PollClosed,
    PostMoved,
    PostPendingApproval,
    TopicIsClosed,
    TopicIsMerged,
)
from forum.access.locks import retry_if_moved
from forum.access.pending_reasons import reason_for_author
from forum.models import PendingPost

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
    except Exception as error:
        if response := _error_page(request, error):
            return response
        raise


def _error_page(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """Returns None for any other exception."""
    match error:
        case TopicIsMerged():
            return _merged_page(request, error)
        case TopicIsClosed():
            return _closed_page(request, error)
        case PollClosed():
            notice = render_to_string("forum/polls/poll_closed.html", {"poll": error.poll})
            return error_page(request, error, notice=notice)
        case PostPendingApproval():
            return _pending_page(request, error.pending)
        case NotAllowed():
            # config/availability/error_pages.py has the page, with the text if there was one
            raise PermissionDenied from error
        case ActionError():
            return error_page(request, error)
    return None


def _pending_page(request: HttpRequest, pending: PendingPost) -> HttpResponse:
    """Says that the post awaits approval. A repeated submission leads to what became of the first."""
    if pending.post:
        return redirect(pending.post)
    if not pending.is_pending:
        return redirect(pending)
    if pending.is_topic:
        message = _("Your topic is pending review by a moderator. %(reason)s")
    else:
        message = _("Your reply is pending review by a moderator. %(reason)s")
    messages.info(request, message % {"reason": reason_for_author(pending)})
    return redirect(pending.url_in_context)


def _closed_page(request: HttpRequest, error: TopicIsClosed) -> HttpResponse:
    """Says who closed the topic, when, why and where to continue, and gives back a text that came too late."""
    topic, explanation = error.topic, ""
    if request.method == "POST":
        explanation = _("“%(title)s” was closed to new replies while you were writing.")
        explanation %= {"title": topic.title}
    closure = topic.current_closure
    other_topic = closure.read_instead
    notice_context = {
        "closure": closure,
        "related_topic": other_topic
        if other_topic and permissions.can_read_topic(request.user, other_topic)
        else None,
        "sees_names": permissions.is_staff_in(request.user, topic.section),
    }
    notice_html = render_to_string("forum/topic_page/closure.html", notice_context)
    return error_page(request, error, explanation=explanation, notice=notice_html)


def _merged_page(request: HttpRequest, error: TopicIsMerged) -> HttpResponse:
    """Redirects a GET to the other topic, and gives back a text that came too late."""
    target = error.into
    if not permissions.can_read_topic(request.user, target):
        return error_page(request, error)
    if request.method != "POST" and not has_text(request):
        return redirect(target)
    explanation = _("Its posts are now in “%(title)s”. You can reply there.") % {"title": target.title}
    back = target.get_absolute_url(), _("Go to that topic")
    return error_page(request, error, explanation=explanation, back=back)
