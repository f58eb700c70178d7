"""Django in a few threads of its own, each with its database connection. The web server has many threads, which only
wait for these: a page that needs no Django is answered at once, however many members wait for theirs."""

import contextvars
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

THREADS = 4  # each process; two cores are busy with fewer, but some always wait for the database
# Seconds after which a thread that computes lets another one in; Python's own 5 ms is what a guest would wait for
# each member whose page is being made.
SWITCH_AFTER = 0.0005


def in_own_threads(app: "WSGIApplication", *, threads: int = THREADS) -> "WSGIApplication":
    sys.setswitchinterval(SWITCH_AFTER)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="django")

    def answered(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        context = contextvars.copy_context()
        return pool.submit(context.run, app, environ, start_response).result()

    return answered
