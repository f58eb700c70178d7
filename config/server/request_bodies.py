"""The body of a request is read before anything else of Belfry works for it.

The web server hands a request over as soon as its headers are there, and reading the body then waits for its sender.
So it is read here, in a thread that does nothing else: a sender that is too slow is told so (408) and never holds a
thread that makes pages. A body that is long is written to a temporary file.
"""

import errno
import math
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, NamedTuple

from config.server import plain_pages as plain

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Bytes; the web server's read waits until it has all of them. More at once cost less, and say less of the pace.
CHUNK, LARGE_CHUNK = 4_096, 32_768
LONG = 100_000  # bytes; what is longer is read in large chunks
IN_MEMORY = 500_000  # bytes; the longest text has less
LOOK_EVERY = 0.25  # seconds between two looks at how far a body has come
AGAIN_IN = 2  # seconds
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
KEPT = "Go back: your browser still has what you wrote."


class Pace(NamedTuple):
    """How slowly a body may arrive, and how many may do so at once in this process."""

    at_once: float = 0.25  # seconds; what is there by then is not slow, and never waits for those that are
    grace: float = 10.0  # seconds before the rate counts
    grace_in_a_crowd: float = 2.0  # the same, while half of `slow_most` are taken
    rate: int = 4_000  # bytes a second
    longest: float = 300.0  # seconds
    slow_most: int = 20  # each holds a thread of the web server, which has 64
    readers_most: int = (
        256  # a reader ends only with its connection, also when its request was refused long ago
    )

    def stretched(self, factor: float) -> "Pace":
        """On a machine that takes so many times as long to read what arrives."""
        return self._replace(
            grace=self.grace * factor,
            grace_in_a_crowd=self.grace_in_a_crowd * factor,
            rate=math.ceil(self.rate / factor),
            longest=self.longest * factor,
        )


@dataclass
class Body:
    """One body and how far it has come. `read` runs in a thread of its own."""

    source: IO[bytes]
    length: int
    began: float = field(default_factory=time.monotonic)
    done: threading.Event = field(default_factory=threading.Event)
    received: int = 0
    content: IO[bytes] | None = None  # only when all of it is there
    error: OSError | None = None
    is_given_up: bool = False

    @property
    def chunk(self) -> int:
        return LARGE_CHUNK if self.length > LONG else CHUNK

    def read(self) -> None:
        try:
            # Not closed here: it is the request's.
            content: IO[bytes] = TemporaryFile() if self.length > IN_MEMORY else BytesIO()  # noqa: SIM115
            while self.received < self.length and not self.is_given_up:
                chunk = self.source.read(min(self.chunk, self.length - self.received))
                if not chunk:
                    return  # the sender has gone
                content.write(chunk)
                self.received += len(chunk)
            content.flush()
            content.seek(0)
            self.content = content
        except OSError as error:
            self.error = error
        finally:
            self.done.set()

    def is_too_slow(self, pace: Pace, *, in_a_crowd: bool) -> bool:
        took = time.monotonic() - self.began
        grace = pace.grace_in_a_crowd if in_a_crowd else pace.grace
        begun = (
            self.chunk if self.length > LONG else 0
        )  # what has come of the chunk that is being read, at most
        return took > pace.longest or self.received + begun < (took - grace) * pace.rate


class Readers:
    """Reads bodies, each in a thread of its own, and gives up those that are too slow."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.new = 0  # requests that wait for what is there at once
        self.slow = 0  # requests whose body is awaited longer
        self.threads = 0
        self._lock = threading.Lock()

    def start(self, source: IO[bytes], length: int) -> Body | None:
        """None: too many are being read."""
        with self._lock:
            if self.threads >= self.pace.readers_most:
                return None
            self.threads += 1
        body = Body(source, length)
        # A daemon: a sender that says nothing any more does not keep the process from ending.
        threading.Thread(target=self._read, args=(body,), name="body", daemon=True).start()
        return body

    def _read(self, body: Body) -> None:
        try:
            body.read()
        finally:
            with self._lock:
                self.threads -= 1

    def is_there_at_once(self, body: Body) -> bool:
        with self._lock:
            self.new += 1
            in_a_crowd = self.new > self.pace.slow_most
        try:
            return body.done.wait(self.pace.at_once / 10 if in_a_crowd else self.pace.at_once)
        finally:
            with self._lock:
                self.new -= 1

    def take_turn(self) -> bool:
        """Whether one more may be awaited; give it back after that."""
        with self._lock:
            if self.slow >= self.pace.slow_most:
                return False
            self.slow += 1
            return True

    def give_turn_back(self) -> None:
        with self._lock:
            self.slow -= 1

    def wait_for(self, body: Body) -> bool:
        """Whether it came to its end in time."""
        while not body.done.wait(min(LOOK_EVERY, self.pace.grace_in_a_crowd / 4)):
            if body.is_too_slow(self.pace, in_a_crowd=self.slow > self.pace.slow_most // 2):
                return False
        return True


def read_first(app: "WSGIApplication", *, pace: Pace | None = None) -> "WSGIApplication":
    """The application gets a body that is there already, in memory or in a temporary file."""
    readers = Readers(pace or Pace())

    def with_body(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if not length:
            return app(environ, start_response)
        body = readers.start(environ["wsgi.input"], length)
        refusal = _refusal(readers, body)
        if body is None or refusal:
            return _refused(start_response, *(refusal or TOO_MANY))
        assert body.content  # noqa: S101 - there is no refusal
        environ["wsgi.input"] = body.content
        return app(environ, start_response)

    return with_body


TOO_MANY = (HTTPStatus.SERVICE_UNAVAILABLE, f"Too much arrives just now. Try again in a moment. {KEPT}")
TOO_SLOW = (HTTPStatus.REQUEST_TIMEOUT, f"What you sent arrived too slowly. {KEPT}")
NOT_WHOLE = (HTTPStatus.BAD_REQUEST, "What you sent did not arrive as a whole.")
NO_ROOM = (HTTPStatus.INSUFFICIENT_STORAGE, f"The disk of the forum is full. {KEPT}")


def _refusal(readers: Readers, body: Body | None) -> tuple[HTTPStatus, str] | None:
    """Waits for the body; None when it is there."""
    if body is None:
        return TOO_MANY
    if not readers.is_there_at_once(body):
        if not readers.take_turn():
            body.is_given_up = True
            return TOO_MANY
        try:
            if not readers.wait_for(body):
                body.is_given_up = True
                return TOO_SLOW
        finally:
            readers.give_turn_back()
    if body.content:
        return None
    return NO_ROOM if body.error and body.error.errno in FULL else NOT_WHOLE


def _refused(start_response: "StartResponse", status: HTTPStatus, reason: str) -> list[bytes]:
    """The connection ends: on it the rest of the body would be taken for the next request."""
    passes = status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.REQUEST_TIMEOUT)
    return plain.page(
        start_response,
        status,
        reason,
        headers=[("Connection", "close")],
        retry_after=AGAIN_IN if passes else None,
    )
