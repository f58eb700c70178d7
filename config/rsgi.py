"""The application that the web server serves."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from config.server.wsgi_in_threads import serve
from config.wsgi import application as belfry, before_body, settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def over_rsgi(app: "WSGIApplication") -> Callable[..., Any]:
    """Returns the application over RSGI, with Belfry's limits and pace of bodies."""
    return serve(app, before_body=before_body, pace=settings.BODY_PACE)


application = over_rsgi(belfry)
