"""The outermost wrapper: an error that nothing inside has caught is a 500 with every security header."""

import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from config.server import plain_pages as plain

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)


def answer_errors(app: "WSGIApplication") -> "WSGIApplication":
    """Django's own errors are pages of Django. This one is for what fails before it, or beside it: the web server
    would answer with a bare line and no headers."""

    def guarded(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            return app(environ, start_response)
        except Exception:
            log.exception("Not answered: %s", environ.get("PATH_INFO", ""))
            return plain.page(
                start_response, HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong. Please try again."
            )

    return guarded
