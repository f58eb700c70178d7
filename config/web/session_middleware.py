"""Sessions of requests that come at the same time: signing in or out in one of them ends the session of the others."""

from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as OneByOne
from django.http import HttpRequest, HttpResponse

from config.database.outage_errors import is_outage


class SessionMiddleware(OneByOne):
    """What such a request did is done, and its answer stands. Django would call it malformed, or take the cookie out
    that the browser has just got from the request that came first."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.method == "POST" and _had_none(request):
            return response
        try:
            return super().process_response(request, response)
        except SessionInterrupted as error:
            if is_outage(error):
                raise
            return response


def _had_none(request: HttpRequest) -> bool:
    """Was the session gone before anybody asked, and was nothing put into a new one? One that this request ended was
    changed by it."""
    session = getattr(request, "session", None)
    return session is not None and session.is_empty() and not session.modified
