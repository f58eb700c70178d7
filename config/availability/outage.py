"""Detects that the database is away or read-only, and rejects writes. Reading continues as far as possible."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from config.availability import database_monitor
from config.database.request_deadline import at_most, deadline
from core.web.preserved_input import rejected_response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

GetResponse = Callable[[HttpRequest], HttpResponse]

PATIENCE = 2.2  # seconds; a little more than the server's own limit, whose error is clearer
RETRY_AFTER = 5  # seconds
READING = ("GET", "HEAD", "OPTIONS")


def limit_waiting(app: "WSGIApplication") -> "WSGIApplication":
    """Limits how long each web request may wait for the database. During a known outage requests don't wait at all,
    since each would occupy one of a few threads."""

    def limited(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        database_monitor.start()
        with at_most(deadline(PATIENCE) if database_monitor.database.is_well else 0):
            return app(environ, start_response)

    return limited


def is_read_only() -> bool:
    """By configuration, or because the database reports it."""
    return settings.READ_ONLY or database_monitor.database.is_read_only


def notice() -> str:
    """Returns the name of the notice that every page shows at the moment, or an empty string."""
    return "read-only" if is_read_only() else ""


def refuse_writing(get_response: GetResponse) -> GetResponse:
    """Rejects writes before any query. Reading does not save the session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in READING:
            response = get_response(request)
            if is_read_only():
                request.session.modified = False  # otherwise it would be saved
            return response
        if is_read_only() or not database_monitor.database.is_well:
            return closed(request)
        return get_response(request)

    return middleware


def closed(request: HttpRequest) -> HttpResponse:
    """Returns a 503 without a query. A POST gets its text back, in a form that sends it again."""
    if request.method == "POST":
        return rejected_response(
            request,
            503,
            title=_("Read-only mode") if is_read_only() else _("Temporarily unavailable"),
            explanation=_(
                "You can read everything, but nothing can be posted right now. If you wrote something, it’s below."
            )
            if is_read_only()
            else _(
                "This couldn’t be saved right now. Please try again shortly. If you wrote something, it’s below."
            ),
            retry_after=RETRY_AFTER,
        )
    response = render(None, "503.html", status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
