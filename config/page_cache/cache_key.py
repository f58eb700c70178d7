"""Which requests ask for a page that may be kept, and under which key it is.

Only addresses in the one form in which Belfry writes them have a key: whoever adds to a query what means nothing
gets an answer from Django, and the store does not fill with copies of one page."""

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
MESSAGES = (
    f"{settings.MESSAGES_COOKIE_NAME}="  # the cookie of what just happened, "You are signed out." for one
)
SYSTEM = "system"  # what the reader's device says; every other theme is chosen


class Key(NamedTuple):
    """Everything that a guest's page depends on beside the forum itself."""

    scheme: str
    host: str
    language: str
    theme: str
    address: str  # path and query, as bytes read as Latin-1
    notice: str = ""  # what every page says just now


@dataclass(frozen=True)
class Asked:
    key: Key
    # Nobody who may be signed in, or is to be told something; or it is a feed, which knows nobody.
    by_guest: bool


def asked_page(environ: "WSGIEnvironment") -> Asked | None:
    """The page that is asked for, if it is of those that may be kept."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    address = f"{path}?{query}" if query else path
    form = None if "?" in path else ADDRESS.fullmatch(address)
    if form is None:
        return None
    host = allowed_host(environ.get("HTTP_HOST", ""))
    if host is None:
        return None
    cookies = environ.get("HTTP_COOKIE", "")
    if form["feed"]:
        cookies = ""  # the same for everybody, and it has no colours
    if form["topic"]:
        address = f"{form['topic']}-/feed/"  # the feed is one, whatever the slug, which may be an old title's
    theme = THEME.search(cookies) if cookies else None
    key = Key(
        scheme_of(environ),
        host,
        settings.LANGUAGE_CODE,
        theme[1] if theme else SYSTEM,
        address,
        notice(),
    )
    # Wherever the names stand, even within others: who is taken for a member by mistake gets the same, slower.
    has_own = settings.SESSION_COOKIE_NAME in cookies or MESSAGES in cookies
    return Asked(key, by_guest=not has_own)


@lru_cache(maxsize=256)
def allowed_host(said: str) -> str | None:
    """The name that the request was sent to, without the port, on which no page depends."""
    host, _ = split_domain_port(said)
    allowed = settings.ALLOWED_HOSTS
    return host if host and validate_host(host, allowed) else None


def scheme_of(environ: "WSGIEnvironment") -> str:
    if settings.SECURE_PROXY_SSL_HEADER:
        header, secure = settings.SECURE_PROXY_SSL_HEADER
        if said := environ.get(header):
            return "https" if said.split(",")[0].strip() == secure else "http"
    return str(environ["wsgi.url_scheme"])


def of_nobody(environ: "WSGIEnvironment", key: Key) -> dict[str, Any]:
    """The same question, asked by nobody in particular: of what this visitor sent nothing is left that is not part of
    the key. So nothing of theirs can be in the page."""
    asked = {name: value for name, value in environ.items() if not name.startswith("HTTP_")}
    asked |= {"REQUEST_METHOD": "GET", "HTTP_HOST": key.host, "wsgi.url_scheme": key.scheme}
    if settings.SECURE_PROXY_SSL_HEADER:
        header, secure = settings.SECURE_PROXY_SSL_HEADER
        asked[header] = secure if key.scheme == "https" else "http"
    if key.theme != SYSTEM:
        asked["HTTP_COOKIE"] = f"{settings.THEME_COOKIE_NAME}={key.theme}"
    return asked
