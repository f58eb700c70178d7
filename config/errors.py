"""The pages for when something did not go. A POST gets its text back, whatever went wrong."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import kept


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(None, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.method == "POST":
        return kept.refuse(
            request, 403, title="You may not do this here", explanation="Your text was not posted."
        )
    return render(None, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # The same bytes for what was never there and for what this reader may not see.
    return render(None, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if _needs_member(request) and not request.user.is_authenticated:
        return kept.refuse(
            request,
            403,
            title="You are not signed in any more",
            explanation="Nothing was done yet. Sign in, then send it once more.",
        )
    return kept.refuse(
        request,
        403,
        title="This page had grown old",
        explanation="Nothing was done yet. Your text is below; send it once more.",
    )


def _needs_member(request: HttpRequest) -> bool:
    """With the cookies the token is gone too, and the view that would have asked to sign in is not reached."""
    view = request.resolver_match.func if request.resolver_match else None
    return getattr(view, "is_for_members", False)


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that is away or read-only is no fault of the program: 503, and the text comes back."""
    error = sys.exc_info()[1]
    if isinstance(error, (OperationalError, InterfaceError)):
        if request.method == "POST":
            return kept.refuse(
                request,
                503,
                title="Closed for a moment",
                explanation="The forum cannot take this just now. It will be back shortly.",
                retry_after=5,
            )
        answer = render(None, "503.html", status=503)
        answer["Retry-After"] = "5"
        return answer
    return render(None, "500.html", status=500)
