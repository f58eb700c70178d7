"""Serves a WSGI application through granian's RSGI interface: bodies are read on the event loop, the application runs
in threads.

granian's own WSGI interface cannot do this: a response sent while another thread still waits for the request's body
stops the whole process until the connection ends, and its thread pool may leave a request waiting although it could
still grow (docs/decisions/045-request-bodies.md).
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from wsgiref.util import FileWrapper

from config.server import plain_pages
from config.server.request_bodies import BodyReader, BodyRejected, Pace

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

THREADS = 64  # they return cached pages, and wait for Django, which has a few threads of its own
BLOCK = 65_536  # bytes of a file sent at a time
JOINED_MOST = 2 * BLOCK  # bytes; a longer response is streamed
UNPREFIXED = {"CONTENT_TYPE", "CONTENT_LENGTH"}

log = logging.getLogger(__name__)


class Scope(Protocol):
    """The part of granian's RSGI scope that is used."""

    client: str
    headers: Any  # names in lower case
    http_version: str
    method: str
    path: str  # decoded
    query_string: str
    scheme: str
    server: str


class Exchange(AsyncIterable[bytes], Protocol):
    """The part of granian's RSGI protocol that is used; iterating yields the chunks of the body as they arrive."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Any: ...


class Response(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""
    rest: Iterator[bytes] | None = None  # streamed after `body`
    close: Callable[[], None] = lambda: None


def serve(
    app: "WSGIApplication",
    *,
    before_body: "WSGIApplication",
    pace: Pace | None = None,
    threads: int = THREADS,
) -> Callable[[Scope, Exchange], Any]:
    """Returns an RSGI application. `before_body` sees every request without its body, on the event loop: it returns
    `accept`'s list to let the request pass, or a response of its own."""
    pool = ThreadPoolExecutor(threads, thread_name_prefix="web")
    reader = BodyReader(pace or Pace())

    async def response_to(scope: Scope, exchange: Exchange) -> Response:
        environ = environ_of(scope)
        early = respond(before_body, environ)
        if early.rest is not ACCEPTED:
            return early
        try:
            if length := int(environ.get("CONTENT_LENGTH") or 0):
                environ["wsgi.input"] = await reader.read(exchange, length)
        except BodyRejected as error:
            return respond(_page_of(error), environ)
        return await asyncio.get_running_loop().run_in_executor(pool, respond, app, environ)

    async def application(scope: Scope, exchange: Exchange) -> None:
        response = await response_to(scope, exchange)
        if response.rest is None:
            exchange.response_bytes(response.status, response.headers, response.body)
        else:
            await _stream(exchange, response, pool)

    return application


ACCEPTED: Iterator[bytes] = iter(())


def accept(environ: "WSGIEnvironment", start_response: Any) -> Iterable[bytes]:
    """The innermost application of `before_body`."""
    start_response("200 OK", [])
    return ACCEPTED


def environ_of(scope: Scope) -> "WSGIEnvironment":
    """Returns the WSGI environment of a request (PEP 3333), without its body."""
    host, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _as_wsgi(scope.path),
        "QUERY_STRING": _as_wsgi(scope.query_string),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }
    for name, value in scope.headers.items():
        if "_" in name:  # it would be read as the header with hyphens, which a proxy may have checked
            continue
        key = name.upper().replace("-", "_")
        key = key if key in UNPREFIXED else f"HTTP_{key}"
        if key in environ:
            environ[key] += ("; " if key == "HTTP_COOKIE" else ",") + _as_wsgi(value)
        else:
            environ[key] = _as_wsgi(value)
    environ.setdefault("HTTP_HOST", "")  # otherwise Django would use the server's own name
    return environ


def _as_wsgi(text: str) -> str:
    """WSGI represents bytes as characters."""
    return text if text.isascii() else text.encode().decode("latin-1")


def respond(app: "WSGIApplication", environ: "WSGIEnvironment") -> Response:
    """Runs the application. Returns short responses as a whole and the beginning of long ones.

    An exception is logged and becomes a 500. Django has pages for its own errors: this is for what fails outside it.
    """
    status, headers = 0, list[tuple[str, str]]()

    def start_response(line: str, fields: list[tuple[str, str]], error: Any = None) -> Any:
        nonlocal status, headers
        status, headers = int(line[:3]), fields

    try:
        found = app(environ, start_response)
        if found is ACCEPTED:
            return Response(200, [], rest=ACCEPTED)
        close = getattr(found, "close", lambda: None)
        chunks = _blocks(found) if isinstance(found, FileWrapper) else iter(found)
        body = b""
        try:
            for chunk in chunks:
                body += chunk
                if len(body) > JOINED_MOST:
                    return Response(status, headers, body, chunks, close)
        finally:
            if len(body) <= JOINED_MOST:
                close()
        return Response(status, headers, body)
    except Exception:
        log.exception("Request failed: %s", environ.get("PATH_INFO", ""))
        return respond(_failed, environ)


def _blocks(file: FileWrapper) -> Iterator[bytes]:
    """Yields large blocks: Django reads files in 4 kB, each of which would need a turn of the event loop."""
    while block := file.filelike.read(BLOCK):
        yield block


async def _stream(exchange: Exchange, response: Response, pool: ThreadPoolExecutor) -> None:
    """Sends the response block by block, each read in a thread."""
    loop = asyncio.get_running_loop()
    assert response.rest  # noqa: S101 - checked by the caller
    rest = chain([response.body], response.rest)
    transport = exchange.response_stream(response.status, response.headers)
    try:
        while block := await loop.run_in_executor(pool, next, rest, None):
            await transport.send_bytes(block)
    finally:
        await loop.run_in_executor(pool, response.close)


def _page_of(error: BodyRejected) -> "WSGIApplication":
    """Returns an application that responds with the error and closes the connection, on which the rest of the body
    would be read as the next request."""
    return lambda environ, start_response: plain_pages.page(
        start_response,
        error.status,
        error.reason,
        headers=[("Connection", "close")],
        retry_after=error.retry_after,
    )


def _failed(environ: "WSGIEnvironment", start_response: Any) -> Iterable[bytes]:
    return plain_pages.page(
        start_response, HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong. Please try again."
    )
