"""How long a web request waits for the database, all its questions taken together.

Time spent on anything else does not count. Commands and the worker have no limit: what they do takes as long
as it takes.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

A_REQUEST = (
    2.5  # seconds; a little more than the server's own limit, which says more plainly what took so long
)


@dataclass(slots=True)
class Patience:
    """What is left of it, in seconds."""

    left: float


current: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Wait for the database this long in this block, or as long as the block around it has left."""
    outer = current.get()
    granted = seconds if outer is None else min(seconds, outer.left)
    inner = Patience(granted)
    token = current.set(inner)
    try:
        yield
    finally:
        current.reset(token)
        if outer is not None:
            outer.left -= granted - inner.left


def limit_requests(app: "WSGIApplication") -> "WSGIApplication":
    """Give every request its share. Only the web server comes through here."""

    def limited(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with at_most(A_REQUEST):
            return app(environ, start_response)

    return limited
