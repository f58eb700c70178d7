"""A cached page: compressed once, with Django's headers, in up to three encodings."""

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

import brotli
from django.utils import timezone

from config.page_cache.cache_key import Key

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Headers = list[tuple[str, str]]
OVERHEAD = 2_000  # approximate bytes of memory per page besides its bodies
# Headers that the cache sets itself, or that belong to a single response.
NOT_CACHED = {
    "cache-control",
    "content-length",
    "content-encoding",
    "etag",
    "vary",
    "set-cookie",
    "last-modified",
}
OF_CONTENT = {"Content-Type", "Content-Encoding"}
VARY = "Accept-Encoding, Cookie"  # a proxy in front must not give guests' pages to members
IDENTITY = "identity"


@dataclass(frozen=True)
class Page:
    key: Key
    rests_on: dict[str, int]
    made_at: datetime
    headers: Headers
    gzip: bytes
    brotli: bytes
    digest: str
    until: datetime | None = None  # when it expires by itself

    @classmethod
    def of(
        cls,
        body: bytes,
        *,
        key: Key,
        rests_on: dict[str, int],
        made_at: datetime,
        headers: Iterable[tuple[str, str]],
        until: datetime | None = None,
    ) -> "Page":
        return cls(
            key,
            rests_on,
            made_at,
            [(name, value) for name, value in headers if name.lower() not in NOT_CACHED],
            gzip.compress(body, compresslevel=6, mtime=0),
            brotli.compress(body, quality=5),
            sha256(body).hexdigest()[:24],
            until,
        )

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until <= timezone.now()

    @property
    def body(self) -> bytes:
        return gzip.decompress(self.gzip)

    @property
    def is_html(self) -> bool:
        return dict(self.headers).get("Content-Type", "").startswith("text/html")

    @property
    def size(self) -> int:
        return len(self.gzip) + len(self.brotli) + OVERHEAD

    @cached_property
    def _ready(self) -> dict[str, tuple[str, Headers]]:
        """The ETag and the headers of a response in each encoding."""
        ready = {}
        for encoding in ("br", "gzip", IDENTITY):
            etag = f'"{self.digest}-{encoding}"'
            headers = [*self.headers, ("ETag", etag), ("Cache-Control", "no-cache"), ("Vary", VARY)]
            if encoding != IDENTITY:
                headers.append(("Content-Encoding", encoding))
            ready[encoding] = (etag, headers)
        return ready

    def respond(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        """Responds with 200, or 304 if the browser has the page already."""
        encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        etag, headers = self._ready[encoding]
        if_none_match = environ.get("HTTP_IF_NONE_MATCH")
        if if_none_match and is_known(etag, if_none_match):
            start_response("304 Not Modified", [header for header in headers if header[0] not in OF_CONTENT])
            return []
        body = {"br": self.brotli, "gzip": self.gzip}.get(encoding)
        if body is None:
            body = self.body
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


@lru_cache(maxsize=512)
def best_encoding(accepted: str) -> str:
    """Returns the smallest encoding that this Accept-Encoding allows."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip()] = _weight(parameter)
    for encoding in ("br", "gzip"):
        if weights.get(encoding, weights.get("*", 0.0)) > 0:
            return encoding
    return IDENTITY


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def is_known(etag: str, if_none_match: str) -> bool:
    """Compares weakly, as this header requires: a proxy that compressed the page again has made the tag weak."""
    tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in (etag, "*") for tag in tags)
