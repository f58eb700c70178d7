"""Headers of every response, and checks that no view has to make. No rules of the forum."""

from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import has_vary_header, patch_vary_headers

from config.availability.error_pages import bad_request
from config.server.plain_pages import PERMISSIONS_POLICY

GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the QR code for two-factor setup is a data: URL
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)

METHODS = ("GET", "HEAD", "POST")


def headers(get_response: GetResponse) -> GetResponse:
    """Adds the strict security policy to every response. No cache stores personal pages, including Belfry's own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Content-Security-Policy", POLICY)
        response.setdefault("X-Frame-Options", "DENY")
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", _who_may_load(request, response))
        if has_vary_header(response, "Cookie"):
            response.rests_on = None  # type: ignore[attr-defined] # a session or a CSRF token was read
        patch_vary_headers(response, ["Cookie"])
        response.setdefault("Cache-Control", "private, no-store" if _is_personal(request) else "no-cache")
        return response

    return middleware


def _who_may_load(request: HttpRequest, response: HttpResponse) -> str:
    """Static files are the same for everyone, and a feed reader may show the icon."""
    is_static = request.path.startswith(settings.STATIC_URL) and response.status_code < 400
    return "cross-origin" if is_static else "same-origin"


def _is_personal(request: HttpRequest) -> bool:
    session = getattr(request, "session", None)
    return request.method == "POST" or (session is not None and session.accessed and not session.is_empty())


def known_methods(get_response: GetResponse) -> GetResponse:
    """Allows only methods that views are written for. Django's own form views would handle a PUT like a POST."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return get_response(request)

    return middleware


def refuse_malformed(get_response: GetResponse) -> GetResponse:
    """A NUL is not valid in a URL; the database would raise an error."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "\0" in unquote(request.META.get("QUERY_STRING", "")):
            return bad_request(request)
        return get_response(request)

    return middleware
