"""Requests to a WSGI application as a web server would make them, headers and all."""

import gzip
import io
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit
from wsgiref.util import setup_testing_defaults

import brotli
from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass
class Response:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def text(self) -> str:
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(
            self.headers.get("content-encoding", "")
        )
        return (unpack(self.raw) if unpack and self.raw else self.raw).decode()

    def __getitem__(self, name: str) -> str:
        return self.headers[name.lower()]


@dataclass
class Visitor:
    """A browser at this application; `cookies` is what it sends."""

    app: Any
    cookies: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, address: str, *, method: str = "GET", **headers: str) -> Response:
        parts = urlsplit(address)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote(parts.path).encode().decode("latin-1"),
            "QUERY_STRING": parts.query,
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(),
        }
        setup_testing_defaults(environ)
        if self.cookies:
            environ["HTTP_COOKIE"] = self.cookies
        for name, value in {**self.headers, **headers}.items():
            environ[f"HTTP_{name.upper()}"] = value
        said: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
            said.update(status=int(status.split()[0]), headers=headers)

        body = self.app(environ, start_response)
        raw = b"".join(body)
        getattr(body, "close", lambda: None)()
        return Response(said["status"], {name.lower(): value for name, value in said["headers"]}, raw)


def count_queries(visitor: Visitor, address: str, **headers: str) -> int:
    """Returns how many queries it takes to serve this page."""
    with CaptureQueriesContext(connection) as captured:
        assert visitor.get(address, **headers).status == 200
    return len(captured)
