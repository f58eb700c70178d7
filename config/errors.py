"""The pages for when something did not go. A POST gets its text back, whatever went wrong."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import kept
from config import outage
from config.database.outages import is_outage


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_outage(exception):  # Django calls it malformed when a session cannot be saved
        return outage.closed(request)
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
    return kept.refuse(
        request,
        403,
        title="This page had grown old",
        explanation="Nothing was done yet. Your text is below; send it once more.",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that is away or read-only is no fault of the program: 503, and the text comes back."""
    if is_outage(sys.exc_info()[1]):
        return outage.closed(request)
    return render(None, "500.html", status=500)
