"""The cache in front of Django, as WSGI middleware: most guests get their pages from it, without a query."""

import gzip
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse

from config.availability import database_monitor
from config.availability.outage import notice
from config.database.request_deadline import deadline
from config.page_cache.cache_key import Key, PageRequest, of_nobody, requested_page
from config.page_cache.disk import Disk, pages_directory
from config.page_cache.memory import Copies
from config.page_cache.outage_banner import with_banner
from config.page_cache.page import Page, best_encoding
from config.page_cache.store import Store
from forum.web import page_versions

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def keep_pages(django: "WSGIApplication") -> "Front":
    """Returns Django with the cache in front of it."""
    memory, disk = settings.PAGES_IN_MEMORY, settings.PAGES_ON_DISK
    return Front(django, Store(Copies(max_bytes=memory), Disk(pages_directory(), max_bytes=disk)))


class Front:
    def __init__(self, django: "WSGIApplication", store: Store) -> None:
        self.django, self.store = django, store
        self._turns = Turns()
        database_monitor.follow(
            database_monitor.Follower(store.copies.names, store.removals_since, store.after_poll)
        )

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        page_request = requested_page(environ)
        if page_request is None:
            return self.django(environ, start_response)
        database_monitor.start()
        if not database_monitor.database.is_well:
            last_page = self._as_it_was(page_request, environ, start_response)
            return self.django(environ, start_response) if last_page is None else last_page
        if not page_request.by_guest:
            return self._pass_on(page_request, environ, start_response)
        if page := self.store.current(page_request.key):
            return page.respond(environ, start_response)
        return self._make_once(page_request, environ, start_response)

    def or_from_memory(self, app: "WSGIApplication") -> "WSGIApplication":
        """Returns an application that responds with a page in memory that is known to be up to date, and leaves every
        other request to `app`. It never waits, so that it can run on the event loop: handing a request to a thread
        takes longer than responding to it."""

        def from_memory(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            page_request = None if has_body(environ) else requested_page(environ)
            if page_request and page_request.by_guest and database_monitor.database.is_well:
                database_monitor.start()
                if page := self.store.current_in_memory(page_request.key):
                    return page.respond(environ, start_response)
            return app(environ, start_response)

        return from_memory

    def _make_once(
        self, page_request: PageRequest, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Renders a page in one request per process. The others get the previous copy if it is recent enough, or wait
        briefly for the new one."""
        rendered = self._turns.claim(page_request.key)
        if rendered is None:
            try:
                return self._make(page_request, environ, start_response)
            finally:
                self._turns.release(page_request.key)
        page = self.store.lately_current(page_request.key)
        if page is None:
            rendered.wait(deadline(database_monitor.MAX_WAIT))
            page = self.store.current(page_request.key)
        if page:
            return page.respond(environ, start_response)
        return self._make(page_request, environ, start_response)

    def _make(
        self, page_request: PageRequest, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if database_monitor.seen is None:
            database_monitor.poll_now()
        seen, began_at = database_monitor.seen, time.monotonic()
        deferred = DeferredStart()
        response = self.django(of_nobody(environ, page_request.key), deferred)
        has_same_notice = (
            notice() == page_request.key.notice
        )  # otherwise it may have a notice that its key does not
        if seen and has_same_notice and isinstance(response, HttpResponse) and is_cacheable(response):
            page = _page(page_request.key, response, seen)
            response.close()
            self.store.keep(page, began_at=began_at)
            return page.respond(environ, start_response)
        return self._relay(page_request, environ, start_response, deferred, response)

    def _pass_on(
        self, page_request: PageRequest, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Passes a member's request to Django. Only during an outage members get the cached page of guests."""
        deferred = DeferredStart()
        return self._relay(page_request, environ, start_response, deferred, self.django(environ, deferred))

    def _relay(
        self,
        page_request: PageRequest,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        deferred: "DeferredStart",
        response: Iterable[bytes],
    ) -> Iterable[bytes]:
        """Returns Django's response, or the last good page if that is a 503 because the database has just become
        unavailable."""
        is_away = deferred.status.startswith("503")
        last_page = self._as_it_was(page_request, environ, start_response) if is_away else None
        if last_page is not None or environ["REQUEST_METHOD"] == "HEAD":
            getattr(response, "close", lambda: None)()
        if last_page is not None:
            return last_page
        start_response(deferred.status, deferred.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else response

    def _as_it_was(
        self, page_request: PageRequest, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> list[bytes] | None:
        """Returns the last good page with a banner that says how old it is, for members too. A feed has no banner:
        feed readers read it, and ask again."""
        found = self.store.last_good(page_request.key) or self.store.last_good(
            page_request.key._replace(notice="")
        )
        if found is None:
            return None
        page, as_of = found
        if not page.is_html:
            return page.respond(environ, start_response)
        body = with_banner(page.body, as_of=as_of)
        headers = [*page.headers, ("Cache-Control", "no-store"), ("Vary", "Accept-Encoding, Cookie")]
        if best_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")) != "identity":
            body = gzip.compress(body, compresslevel=1)
            headers.append(("Content-Encoding", "gzip"))
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def has_body(environ: "WSGIEnvironment") -> bool:
    return environ.get("CONTENT_LENGTH") not in (None, "", "0") or "HTTP_TRANSFER_ENCODING" in environ


class DeferredStart:
    """A start_response that holds status and headers until it is known whether they are sent."""

    status = ""
    headers: list[tuple[str, str]]

    def __call__(self, status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
        self.status, self.headers = status, headers


class Turns:
    """Which pages are being rendered now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: dict[Key, threading.Event] = {}

    def claim(self, key: Key) -> threading.Event | None:
        """Returns None if the caller can render the page, otherwise the event to wait for."""
        with self._lock:
            event = self._events.get(key)
            if event is None:
                self._events[key] = threading.Event()
            return event

    def release(self, key: Key) -> None:
        with self._lock:
            self._events.pop(key).set()


def is_cacheable(response: HttpResponse) -> bool:
    """Whether the view declared dependencies, and the page is impersonal: config.web.middleware.headers removes the
    declaration from every response for which a session or a CSRF token was read."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and getattr(response, "rests_on", None) is not None
    )


def _page(key: Key, response: HttpResponse, seen: database_monitor.Seen) -> Page:
    rests_on = {page_versions.EPOCH: None, **response.rests_on}  # type: ignore[attr-defined] # is_cacheable has checked
    return Page.of(
        response.content,
        key=key,
        rests_on={
            name: seen.number_of(name) or 0 if number is None else number for name, number in rests_on.items()
        },
        made_at=datetime.now(UTC),
        headers=response.items(),
        until=getattr(response, "until", None),
    )
