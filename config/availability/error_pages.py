"""The pages for when something did not go. A POST gets its text back, whatever went wrong."""

import sys
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access.suspension import silenced_response, suspended_response
from accounts.auth.stale_forms import must_reopen, redirect_if_done
from config.availability import outage
from config.database.outage_errors import is_outage
from core.storage import files
from core.web.preserved_input import has_text, rejected_response, return_path
from core.web.request_values import InvalidPageNumber, NoSuchPage


def _page(request: HttpRequest, template: str, status: int, **shown: object) -> HttpResponse:
    """With the bar they know for those who are signed in; plain for guests, and where the database is away."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        with suppress(
            AttributeError, DatabaseError
        ):  # refused before anybody asked who it is, or nobody can say
            if request.user.is_authenticated:
                return render(request, template, shown, status=status)
    return render(None, template, shown, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_outage(exception):  # Django calls it malformed when a session cannot be saved
        return outage.closed(request)
    if isinstance(exception, InvalidPageNumber):
        return _no_page(request, 400, exception.last)
    return _page(request, "400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    member = getattr(request, "user", None)
    if member is not None and member.is_authenticated:
        if member.is_suspended:  # while the request was under way
            return suspended_response(request, member)
        if member.is_silenced:
            return silenced_response(request, member)
    if request.method == "POST" or has_text(request):
        return rejected_response(
            request, 403, title=_("Not allowed"), explanation=_("Nothing was changed or posted.")
        )
    return _page(request, "403.html", 403, back=return_path(request))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # The same bytes for what was never there and for what this reader may not see.
    if has_text(request):
        return rejected_response(
            request, 404, title=_("This no longer exists"), explanation=_("Nothing was changed or posted.")
        )
    if isinstance(exception, NoSuchPage):
        return _no_page(request, 404, exception.last)
    return _page(request, "404.html", 404)


def _no_page(request: HttpRequest, status: int, last: int | None) -> HttpResponse:
    """The list is there and may be seen: lead to its pages."""
    return _page(request, "no_such_page.html", status, code=status, address=request.path, last=last)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if way_on := redirect_if_done(request):
        return redirect(way_on)
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
    """With the cookies the token is gone too, and the view that would have asked to sign in is not reached."""
    view = request.resolver_match.func if request.resolver_match else None
    return getattr(view, "is_for_members", False)


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that is away or read-only is no fault of the program: 503, and the text comes back. Where a full disk
    took nothing of a long upload, nobody has read its text: the browser still has it."""
    error = sys.exc_info()[1]
    if is_outage(error):
        return outage.closed(request)
    if isinstance(error, OSError) and error.errno in files.DISK_FULL_ERRORS:
        return render(None, "503.html", status=507)
    return render(None, "500.html", status=500)
