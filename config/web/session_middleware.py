"""Sessions of concurrent requests: signing in or out in one of them ends the session of the others."""

from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as OneByOne
from django.http import HttpRequest, HttpResponse

from config.database.outage_errors import is_outage


class SessionMiddleware(OneByOne):
    """Keeps the response of such a request, since its action is done. Django would respond with 400, or delete the
    cookie that the browser has just received from the first request."""

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
    """Did the session end before this request read it, with nothing put into a new one? If this request ended it, it
    is modified."""
    session = getattr(request, "session", None)
    return session is not None and session.is_empty() and not session.modified
