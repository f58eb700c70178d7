"""Pages in memory are sent from the event loop, which must never wait, and never send what a thread would not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.availability import database_monitor
from config.page_cache.store import Store
from tests.conftest import reply_to
from tests.support.site_fixtures import cookies_of
from tests.support.wsgi_client import Response, Visitor

pytestmark = pytest.mark.django_db(transaction=True)


def left_to_threads(environ, start_response):
    start_response("202 Accepted", [])
    return [b""]


@pytest.fixture
def loop(front) -> Visitor:
    """A guest, served by the event loop alone."""
    return Visitor(front.or_from_memory(left_to_threads))


@pytest.fixture
def address(visitor, topic) -> str:
    """A page that is in memory."""
    database_monitor.poll_now(within=120)
    visitor.get(topic.get_absolute_url())
    return topic.get_absolute_url()


def is_from_memory(response: Response) -> bool:
    return response.status != 202


def test_page_in_memory_is_the_page_of_the_thread(loop, visitor, address):
    for headers in ({}, {"accept_encoding": "br"}, {"accept_encoding": "gzip"}):
        at_once, later = loop.get(address, **headers), visitor.get(address, **headers)
        assert (at_once.status, at_once.raw, at_once.headers) == (200, later.raw, later.headers)
    known = loop.get(address)["ETag"]
    assert loop.get(address, if_none_match=known).status == 304
    head = loop.get(address, method="HEAD")
    assert (head.status, head.raw) == (200, b"")


def test_response_from_memory_asks_nothing_and_reads_no_file(loop, address, monkeypatch):
    monkeypatch.setattr(Store, "find", None)  # reads from the disk
    monkeypatch.setattr(database_monitor, "poll_now", None)  # waits
    with CaptureQueriesContext(connection) as captured:
        assert is_from_memory(loop.get(address))
        assert not is_from_memory(loop.get("/"))
    assert len(captured) == 0


def test_other_requests_are_left_to_threads(loop, address, ben):
    assert not is_from_memory(loop.get(address, method="POST"))
    assert not is_from_memory(Visitor(loop.app, cookies=cookies_of(ben)).get(address))
    assert not is_from_memory(loop.get(address, transfer_encoding="chunked"))
    assert not is_from_memory(loop.get(f"{address}?page=2"))
    assert not is_from_memory(loop.get("/account/sign-in/"))
    assert is_from_memory(loop.get(address))


def test_outdated_page_is_left_to_threads(front, loop, address, topic, ben):
    reply_to(topic, ben, "Something new.")
    assert database_monitor.poll_now(front.store.copies.names(), within=120)
    assert not is_from_memory(loop.get(address))


def test_page_that_was_not_checked_lately_is_left_to_threads(loop, address, monkeypatch):
    monkeypatch.setattr("config.page_cache.store.TRUSTED_FOR", -1)
    assert not is_from_memory(loop.get(address))


def test_outage_is_left_to_threads(loop, address, monkeypatch):
    monkeypatch.setattr(database_monitor, "database", database_monitor.Database(is_well=False))
    assert not is_from_memory(loop.get(address))
