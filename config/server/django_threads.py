"""Runs Django in a few threads, each with its own database connection. The web server's many threads only wait for
these, so that a page that needs no Django is served at once, however many members wait for theirs. Requests that take
long for other reasons, such as resizing pictures, have their own threads, and pages never wait for them."""

import contextvars
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from config.database.request_deadline import deadline
from config.server import plain_pages
from core.web.request_values import OVERLOADED

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Work = Callable[[], Iterable[bytes]]

THREADS = 4  # per process; two cores are busy with fewer, but some always wait for the database
# Seconds after which a computing thread yields to another. With Python's default of 5 ms, a guest would wait that long
# for each member whose page is being rendered.
SWITCH_AFTER = 0.0005
AGAIN_IN = 5  # seconds


class Apart(NamedTuple):
    """Requests with their own threads, and how many of them may wait for one."""

    name: str
    methods: tuple[str, ...]
    paths: tuple[str, ...]  # prefixes of the path
    threads: int
    max_waiting: int
    patience: float  # seconds to wait for a thread, before BELFRY_DEADLINE_FACTOR
    with_text: bool = (
        False  # if full, Django responds at once (core/web/request_values.py) and returns the text
    )

    def are_for(self, environ: "WSGIEnvironment") -> bool:
        return environ["REQUEST_METHOD"] in self.methods and environ.get("PATH_INFO", "").startswith(
            self.paths
        )


# A picture takes seconds of CPU (core/storage/images/resize.py), and the request may contain a member's text.
UPLOADS = Apart(
    "upload",
    ("POST",),
    ("/attachments/", "/account/picture/"),
    threads=2,
    max_waiting=2,
    patience=8,
    with_text=True,
)
# They come from a bucket or a shared folder, which may hang. A page with pictures requests many at once.
FILES = Apart("file", ("GET", "HEAD"), ("/a/", "/picture/"), threads=4, max_waiting=20, patience=3)


class Lane:
    """The threads for one kind of request, and the requests that wait for them."""

    def __init__(self, name: str, *, threads: int, max_waiting: int, patience: float) -> None:
        self.patience = patience
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._room = threading.BoundedSemaphore(threads + max_waiting)
        self._free = threading.BoundedSemaphore(threads)

    def run(self, work: Work) -> Iterable[bytes] | None:
        """Returns None if too many wait already, or no thread became free in time."""
        if not self._room.acquire(blocking=False):
            return None
        try:
            if not self._free.acquire(timeout=deadline(self.patience)):
                return None
            try:
                return in_pool(self._pool, work)
            finally:
                self._free.release()
        finally:
            self._room.release()


def in_own_threads(
    app: "WSGIApplication", *, threads: int = THREADS, apart: Sequence[Apart] = (UPLOADS, FILES)
) -> "WSGIApplication":
    sys.setswitchinterval(SWITCH_AFTER)
    pages = ThreadPoolExecutor(threads, thread_name_prefix="django")
    lanes = [
        (kind, Lane(kind.name, threads=kind.threads, max_waiting=kind.max_waiting, patience=kind.patience))
        for kind in apart
    ]

    def threaded(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def work() -> Iterable[bytes]:
            return app(environ, start_response)

        for kind, lane in lanes:
            if kind.are_for(environ):
                response = lane.run(work)
                if response is not None:
                    return response
                if not kind.with_text:
                    return plain_pages.page(
                        start_response,
                        HTTPStatus.SERVICE_UNAVAILABLE,
                        "Too many files are being requested. Try again in a moment.",
                        retry_after=AGAIN_IN,
                    )
                environ[OVERLOADED] = True
        return in_pool(pages, work)

    return threaded


def in_pool(pool: ThreadPoolExecutor, work: Work) -> Iterable[bytes]:
    return pool.submit(contextvars.copy_context().run, work).result()
