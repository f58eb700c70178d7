"""Which requests ask for a page that can be cached, and its cache key.

Only URLs in the exact form that Belfry writes have a key. A meaningless query parameter gets a response from Django,
so that the cache does not fill with copies of one page.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from config.availability.outage import notice

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PAGE = r"(?:\?page=(?:[2-9]|[1-9][0-9]{1,8}))?"
ADDRESS = re.compile(
    rf"/|/s/[^/?]+/{PAGE}|/t/[1-9][0-9]{{0,17}}/[^/?]+/{PAGE}"
    r"|/p/[1-9][0-9]{0,17}/history/(?:\?from=[1-9][0-9]{0,8}&to=[1-9][0-9]{0,8})?"
    r"|/u/[^/?]+/(?:\?before=[1-9][0-9]{0,17})?"
    r"|(?P<feed>/feeds/(?:(?:announcements|highlights)/)?|/s/[^/?]+/feed/"
    r"|(?P<topic>/t/[1-9][0-9]{0,17}/)[^/?]+/feed/)"
)
THEME = re.compile(rf"(?:^|;)\s*{settings.THEME_COOKIE_NAME}=(light|dark)\s*(?:;|$)")
MESSAGES = f"{settings.MESSAGES_COOKIE_NAME}="  # the cookie of messages such as "You are signed out."
SYSTEM = "system"  # the setting of the reader's device; other themes are chosen


class Key(NamedTuple):
    """Everything that a guest's page depends on besides the forum itself."""

    scheme: str
    host: str
    language: str
    theme: str
    address: str  # path and query, as bytes read as Latin-1
    notice: str = ""  # the name of the notice that every page shows at the moment


@dataclass(frozen=True)
class PageRequest:
    key: Key
    # Certainly not signed in and without messages to show; or it is a feed, which is the same for everyone.
    by_guest: bool


def requested_page(environ: "WSGIEnvironment") -> PageRequest | None:
    """Returns the requested page if it can be cached, else None."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    address = f"{path}?{query}" if query else path
    match = None if "?" in path else ADDRESS.fullmatch(address)
    if match is None:
        return None
    host = allowed_host(environ.get("HTTP_HOST", ""))
    if host is None:
        return None
    cookies = environ.get("HTTP_COOKIE", "")
    if match["feed"]:
        cookies = ""  # the same for everyone, and without a theme
    if match["topic"]:
        address = f"{match['topic']}-/feed/"  # one feed, whatever the slug, which may be from an old title
    theme = THEME.search(cookies) if cookies else None
    key = Key(
        scheme_of(environ),
        host,
        settings.LANGUAGE_CODE,
        theme[1] if theme else SYSTEM,
        address,
        notice(),
    )
    # Substrings match too: a guest mistaken for a member gets the same page, only slower.
    is_personal = settings.SESSION_COOKIE_NAME in cookies or MESSAGES in cookies
    return PageRequest(key, by_guest=not is_personal)


@lru_cache(maxsize=256)
def allowed_host(host_header: str) -> str | None:
    """Returns the host of the request without the port, on which no page depends, or None if it is not allowed."""
    host, _ = split_domain_port(host_header)
    allowed = settings.ALLOWED_HOSTS
    return host if host and validate_host(host, allowed) else None


def scheme_of(environ: "WSGIEnvironment") -> str:
    if settings.SECURE_PROXY_SSL_HEADER:
        header, secure = settings.SECURE_PROXY_SSL_HEADER
        if scheme := environ.get(header):
            return "https" if scheme.split(",")[0].strip() == secure else "http"
    return str(environ["wsgi.url_scheme"])


def of_nobody(environ: "WSGIEnvironment", key: Key) -> dict[str, Any]:
    """Returns the same request without anything of this visitor that is not part of the key, so that the page cannot
    contain anything personal."""
    impersonal = {name: value for name, value in environ.items() if not name.startswith("HTTP_")}
    impersonal |= {"REQUEST_METHOD": "GET", "HTTP_HOST": key.host, "wsgi.url_scheme": key.scheme}
    if settings.SECURE_PROXY_SSL_HEADER:
        header, secure = settings.SECURE_PROXY_SSL_HEADER
        impersonal[header] = secure if key.scheme == "https" else "http"
    if key.theme != SYSTEM:
        impersonal["HTTP_COOKIE"] = f"{settings.THEME_COOKIE_NAME}={key.theme}"
    return impersonal
