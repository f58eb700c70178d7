"""WSGI middleware around all of Belfry, for requests that the web server allows and Django sees too late.

granian limits neither the length of a body nor the time it takes to arrive, and it passes on a chunked body without a
length, which Django reads as empty.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from config.server import plain_pages

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST_BODY = (
    2_500_000  # bytes; the longest post, 32,000 characters in percent-encoding, needs a sixth of it
)

DIGITS_MOST = 18  # of a length; Python refuses to parse thousands of them

PROXY_HEADERS = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


class Uploads(NamedTuple):
    """Where bodies may be longer: for members, who upload files there."""

    longest: int
    paths: tuple[str, ...]
    cookie: str  # without it the sender is no member; with it, Django checks

    def may_come(self, environ: "WSGIEnvironment") -> bool:
        return environ.get("PATH_INFO", "").startswith(self.paths) and self.cookie in environ.get(
            "HTTP_COOKIE", ""
        )


def limit_bodies(
    app: "WSGIApplication", *, longest: int = LONGEST_BODY, uploads: "Uploads | None" = None
) -> "WSGIApplication":
    """Rejects a body that is too long (413) or has no declared length (411) before any of it is read."""

    def limited(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if "HTTP_TRANSFER_ENCODING" in environ:
            return plain_pages.page(
                start_response, HTTPStatus.LENGTH_REQUIRED, "Your request has no Content-Length."
            )
        if not (length.isascii() and length.isdigit()):
            return plain_pages.page(
                start_response, HTTPStatus.BAD_REQUEST, "The Content-Length of your request is not a number."
            )
        max_length = uploads.longest if uploads and uploads.may_come(environ) else longest
        if len(length) > DIGITS_MOST or int(length) > max_length:
            return plain_pages.page(
                start_response,
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"Your request is larger than {max_length:,} bytes, the maximum of this forum. "
                "Go back: your browser still has what you wrote.",
            )
        return app(environ, start_response)

    return limited


def believe_only_proxies(app: "WSGIApplication", *, trusted: int) -> "WSGIApplication":
    """Removes headers that only a proxy may set, unless a proxy is in front of Belfry."""
    if trusted:
        return app

    def direct(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        for name in PROXY_HEADERS:
            environ.pop(name, None)
        return app(environ, start_response)

    return direct
