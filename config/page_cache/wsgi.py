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
from config.page_cache.cache_key import Asked, Key, asked_page, of_nobody
from config.page_cache.disk import Disk, pages_directory
from config.page_cache.memory import Copies
from config.page_cache.outage_banner import with_banner
from config.page_cache.page import Page, best_encoding
from config.page_cache.store import Store
from forum.web import page_versions

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def keep_pages(django: "WSGIApplication") -> "WSGIApplication":
    """Returns Django with the cache in front of it. In debug mode there is no cache, since templates change."""
    if settings.DEBUG:
        return django
    memory, disk = settings.PAGES_IN_MEMORY, settings.PAGES_ON_DISK
    return Front(django, Store(Copies(most=memory), Disk(pages_directory(), most=disk)))


class Front:
    def __init__(self, django: "WSGIApplication", store: Store) -> None:
        self.django, self.store = django, store
        self._turns = Turns()
        database_monitor.follow(
            database_monitor.Follower(store.copies.names, store.look_back_to, store.after_look)
        )

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        asked = asked_page(environ)
        if asked is None:
            return self.django(environ, start_response)
        database_monitor.start()
        if not database_monitor.database.is_well:
            page_then = self._as_it_was(asked, environ, start_response)
            return self.django(environ, start_response) if page_then is None else page_then
        if not asked.by_guest:
            return self._pass_on(asked, environ, start_response)
        if page := self.store.current(asked.key):
            return page.answer(environ, start_response)
        return self._make_once(asked, environ, start_response)

    def _make_once(
        self, asked: Asked, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Renders a page in one request per process. The others get the previous copy if it is recent enough, or wait
        briefly for the new one."""
        others_turn = self._turns.take(asked.key)
        if others_turn is None:
            try:
                return self._make(asked, environ, start_response)
            finally:
                self._turns.give_back(asked.key)
        page = self.store.lately_current(asked.key)
        if page is None:
            others_turn.wait(deadline(database_monitor.WAIT_MOST))
            page = self.store.current(asked.key)
        if page:
            return page.answer(environ, start_response)
        return self._make(asked, environ, start_response)

    def _make(
        self, asked: Asked, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if database_monitor.seen is None:
            database_monitor.look_now()
        seen, made = database_monitor.seen, time.monotonic()
        held = Held()
        answer = self.django(of_nobody(environ, asked.key), held)
        is_as_asked = notice() == asked.key.notice  # otherwise it may have a notice that its key does not
        if seen and is_as_asked and isinstance(answer, HttpResponse) and may_be_kept(answer):
            page = _page(asked.key, answer, seen)
            answer.close()
            self.store.keep(page, made=made)
            return page.answer(environ, start_response)
        return self._relay(asked, environ, start_response, held, answer)

    def _pass_on(
        self, asked: Asked, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Passes a member's request to Django. Only during an outage members get the cached page of guests."""
        held = Held()
        return self._relay(asked, environ, start_response, held, self.django(environ, held))

    def _relay(
        self,
        asked: Asked,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        held: "Held",
        answer: Iterable[bytes],
    ) -> Iterable[bytes]:
        """Returns Django's response, or the last good page if that is a 503 because the database has just become
        unavailable."""
        is_away = held.status.startswith("503")
        instead = self._as_it_was(asked, environ, start_response) if is_away else None
        if instead is not None or environ["REQUEST_METHOD"] == "HEAD":
            getattr(answer, "close", lambda: None)()
        if instead is not None:
            return instead
        start_response(held.status, held.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else answer

    def _as_it_was(
        self, asked: Asked, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> list[bytes] | None:
        """Returns the last good page with a banner that says how old it is, for members too. A feed has no banner:
        feed readers read it, and ask again."""
        found = self.store.last_good(asked.key) or self.store.last_good(asked.key._replace(notice=""))
        if found is None:
            return None
        page, as_of = found
        if not page.is_html:
            return page.answer(environ, start_response)
        body = with_banner(page.body, as_of=as_of)
        headers = [*page.headers, ("Cache-Control", "no-store"), ("Vary", "Accept-Encoding, Cookie")]
        if best_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")) != "identity":
            body = gzip.compress(body, compresslevel=1)
            headers.append(("Content-Encoding", "gzip"))
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


class Held:
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

    def take(self, key: Key) -> threading.Event | None:
        """Returns None if the caller can render the page, otherwise the event to wait for."""
        with self._lock:
            event = self._events.get(key)
            if event is None:
                self._events[key] = threading.Event()
            return event

    def give_back(self, key: Key) -> None:
        with self._lock:
            self._events.pop(key).set()


def may_be_kept(answer: HttpResponse) -> bool:
    """Whether the view declared dependencies, and the page is impersonal: config.web.middleware.headers removes the
    declaration from every response for which a session or a CSRF token was read."""
    return (
        answer.status_code == 200
        and not answer.streaming
        and not answer.cookies
        and getattr(answer, "rests_on", None) is not None
    )


def _page(key: Key, answer: HttpResponse, seen: database_monitor.Seen) -> Page:
    rests_on = {page_versions.EPOCH: None, **answer.rests_on}  # type: ignore[attr-defined] # may_be_kept has checked
    return Page.of(
        answer.content,
        key=key,
        rests_on={
            name: seen.number_of(name) or 0 if number is None else number for name, number in rests_on.items()
        },
        made_at=datetime.now(UTC),
        headers=answer.items(),
        until=getattr(answer, "until", None),
    )
