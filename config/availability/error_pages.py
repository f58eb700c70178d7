"""Error pages. Every one returns the text of a POST to its writer."""

import sys
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access.restriction_messages import silenced_response, suspended_response
from accounts.auth.stale_forms import must_reopen, redirect_if_done
from config.availability import outage
from config.database.outage_errors import is_outage
from core.storage import files
from core.web.preserved_input import has_text, rejected_response, return_path
from core.web.request_values import InvalidPageNumber, NoSuchPage


def _page(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    """Renders the page with the member's bar if someone is signed in; without it for guests and if the database is
    away."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        with suppress(AttributeError, DatabaseError):  # the user is not known yet, or cannot be read
            if request.user.is_authenticated:
                return render(request, template, context, status=status)
    return render(None, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_outage(exception):  # Django raises SuspiciousOperation if a session cannot be saved
        return outage.closed(request)
    if isinstance(exception, InvalidPageNumber):
        return _no_page(request, 400, exception.last)
    return _page(request, "400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    member = getattr(request, "user", None)
    if member is not None and member.is_authenticated:
        if member.is_suspended:  # during the request
            return suspended_response(request, member)
        if member.is_silenced:
            return silenced_response(request, member)
    if request.method == "POST" or has_text(request):
        return rejected_response(
            request, 403, title=_("Not allowed"), explanation=_("Nothing was changed or posted.")
        )
    return _page(request, "403.html", 403, back=return_path(request))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # The same bytes whether the page never existed or this reader may not see it.
    if has_text(request):
        return rejected_response(
            request, 404, title=_("This no longer exists"), explanation=_("Nothing was changed or posted.")
        )
    if isinstance(exception, NoSuchPage):
        return _no_page(request, 404, exception.last)
    return _page(request, "404.html", 404)


def _no_page(request: HttpRequest, status: int, last: int | None) -> HttpResponse:
    """The list exists and the reader can see it: links to its pages."""
    return _page(request, "no_such_page.html", status, code=status, address=request.path, last=last)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if redirect_url := redirect_if_done(request):
        return redirect(redirect_url)
    if _needs_member(request) and not request.user.is_authenticated:
        return rejected_response(
            request,
            403,
            title=_("You’ve been signed out"),
            explanation=_("Nothing was saved yet. Sign in, then send it again."),
        )
    is_opened_again = must_reopen(request)
    return rejected_response(
        request,
        403,
        title=_("This page expired"),
        explanation=_("Nothing was saved yet."),
        is_opened_again=is_opened_again,
        back=(request.get_full_path(), _("Reload the page")) if is_opened_again else None,
    )


def _needs_member(request: HttpRequest) -> bool:
    """Does this view need a member? Without cookies the CSRF token is missing too, so the view never runs to ask for
    sign-in."""
    view = request.resolver_match.func if request.resolver_match else None
    return getattr(view, "is_for_members", False)


def server_error(request: HttpRequest) -> HttpResponse:
    """Responds with 503 and returns the text if the database is away or read-only, which is no bug. If the disk was
    too full for a long upload, the text was never read, but the browser still has it."""
    error = sys.exc_info()[1]
    if is_outage(error):
        return outage.closed(request)
    if isinstance(error, OSError) and error.errno in files.DISK_FULL_ERRORS:
        return render(None, "503.html", status=507)
    return render(None, "500.html", status=500)
