"""What guests get from the page cache, and how proxies and browsers may cache it."""

import pytest
from django.test import Client

from config.availability import database_monitor
from config.web.middleware import POLICY
from forum.models import Section
from forum.posts.edit import edit_post
from forum.sections.manage import change_section
from forum.web import page_versions
from tests.conftest import offers
from tests.support.site_fixtures import cookies_of
from tests.support.wsgi_client import Visitor, count_queries

pytestmark = pytest.mark.django_db(transaction=True)


FEEDS = ["/feeds/", "/feeds/announcements/", "/feeds/highlights/", "/s/talk/feed/", "/s/news/feed/"]


@pytest.fixture
def page_urls(front, topic, news, original, ada) -> list[str]:
    """One URL of every kind."""
    edit_post(post=original, by=ada, body="It takes two minutes.", version=1)
    assert database_monitor.poll_now(within=120)  # lists made before this check would be made once more
    return [
        "/",
        topic.section.get_absolute_url(),
        topic.get_absolute_url(),
        original.url_for("history"),
        f"{original.url_for('history')}?from=1&to=2",
        ada.get_absolute_url(),
        *FEEDS,
        topic.url_for("topic_feed"),
    ]


@pytest.mark.slow
def test_second_guest_request_costs_no_query(visitor, page_urls):
    for address in page_urls:
        first = visitor.get(address)
        assert count_queries(visitor, address) == 0, address
        assert visitor.get(address).text == first.text


def test_cached_page_has_security_and_cache_headers(visitor, topic):
    for _ in range(2):
        page = visitor.get(topic.get_absolute_url(), accept_encoding="gzip, br")
        assert page["Content-Security-Policy"] == POLICY
        assert page["X-Frame-Options"] == "DENY"
        assert page["X-Content-Type-Options"] == "nosniff"
        assert page["Referrer-Policy"] == "same-origin"
        assert page["Cache-Control"] == "no-cache"
        assert {name.strip() for name in page["Vary"].split(",")} == {"Accept-Encoding", "Cookie"}
        assert "set-cookie" not in page.headers


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0, *", "gzip"),
        ("*", "br"),
        ("identity", None),
        ("", None),
        ("br;q=nonsense", None),
    ],
)
def test_cached_page_uses_smallest_accepted_encoding(visitor, topic, accepted, encoding):
    page = visitor.get(topic.get_absolute_url(), accept_encoding=accepted)
    assert page.headers.get("content-encoding") == encoding
    assert page.text == visitor.get(topic.get_absolute_url()).text
    assert int(page["Content-Length"]) == len(page.raw)


def test_matching_etag_returns_304(visitor, topic):
    address = topic.get_absolute_url()
    etags = {
        coding: visitor.get(address, accept_encoding=coding)["ETag"] for coding in ("br", "gzip", "identity")
    }
    assert len(set(etags.values())) == 3
    for coding, etag in etags.items():
        for said in (etag, f'"other", W/{etag}', "*"):
            again = visitor.get(address, accept_encoding=coding, if_none_match=said)
            assert (again.status, again.raw) == (304, b"")
            assert (again["ETag"], again["Vary"]) == (etag, "Accept-Encoding, Cookie")
            assert "content-encoding" not in again.headers
    assert visitor.get(address, accept_encoding="br", if_none_match=etags["gzip"]).status == 200


def test_head_response_matches_get(visitor, topic):
    address = topic.get_absolute_url()
    for asked_first in ("HEAD", "GET"):
        visitor.get(address, method=asked_first)
        head, page = visitor.get(address, method="HEAD"), visitor.get(address)
        assert (head.status, head.raw, head["Content-Length"]) == (200, b"", page["Content-Length"])
    assert visitor.get("/t/999/nothing/", method="HEAD").raw == b""


@pytest.mark.parametrize(
    "query", ["page=1", "page=01", "page=2&x=1", "x=1", "page=", "page=2&page=2", "utm=1"]
)
def test_page_with_unusual_query_is_not_cached(visitor, front, topic, query):
    visitor.get(f"{topic.get_absolute_url()}?{query}")
    assert front.store.copies.kept_keys() == []


def test_page_with_nonexistent_numbers_in_query_is_not_cached(visitor, front, page_urls, original, ada):
    for address in (f"{original.url_for('history')}?from=1&to=77", f"{ada.get_absolute_url()}?before=99999"):
        assert visitor.get(address).status == 200
    assert front.store.copies.kept_keys() == []


def test_themes_and_hosts_are_cached_separately(front, topic, settings):
    settings.ALLOWED_HOSTS = ["localhost", "other.example"]
    for theme in ("", "theme=dark", "theme=light", "theme=neon", "a=b; theme=dark"):
        Visitor(front, theme).get(topic.get_absolute_url())
    Visitor(front).get(topic.get_absolute_url(), host="other.example:8000")
    assert {(key.theme, key.host) for key in front.store.copies.kept_keys()} == {
        ("system", "localhost"), ("dark", "localhost"), ("light", "localhost"), ("system", "other.example")
    }  # fmt: skip


def test_unknown_host_is_rejected(visitor, front, topic):
    visitor.get(topic.get_absolute_url())
    assert visitor.get(topic.get_absolute_url(), host="evil.example").status == 400


def test_member_page_is_not_cached(front, visitor, topic, ben):
    visitor.get(topic.get_absolute_url())
    kept = len(front.store.copies.kept_keys())
    page = Visitor(front, cookies_of(ben)).get(topic.get_absolute_url())
    assert offers(page, "reply")
    assert page["Cache-Control"] == "private, no-store"
    assert len(front.store.copies.kept_keys()) == kept
    assert not offers(visitor.get(topic.get_absolute_url()), "reply")


def test_pending_message_bypasses_cache(front, visitor, topic, ada):
    client = Client()
    client.force_login(ada)
    client.post("/account/logout/")
    cookies = "; ".join(f"{one.key}={one.coded_value}" for one in client.cookies.values() if one.value)
    visitor.get("/")
    assert "You’ve been signed out." in Visitor(front, cookies).get("/").text
    assert "You’ve been signed out." not in visitor.get("/").text


def test_members_and_guests_share_one_cached_feed(front, visitor, topic, ben):
    address = topic.url_for("topic_feed")
    first = visitor.get(address)
    assert first["Content-Type"] == "application/atom+xml; charset=utf-8"
    for reader in (Visitor(front, cookies_of(ben)), Visitor(front, "theme=dark")):
        for asked in (address, f"/t/{topic.pk}/an-older-title/feed/", f"/t/{topic.pk}/другое/feed/"):
            assert count_queries(reader, asked) == 0
            assert reader.get(asked, accept_encoding="br")["Content-Encoding"] == "br"
            assert (reader.get(asked).text, reader.get(asked)["ETag"]) == (first.text, first["ETag"])
            assert reader.get(asked, if_none_match=first["ETag"]).status == 304
    assert len(front.store.copies.kept_keys()) == 1


def test_feed_hidden_from_guests_is_404_like_missing_feed(front, topic, talk, ben, noor):
    change_section(section=talk, by=noor, grants={}, read_by=Section.Audience.MEMBERS)
    for reader in (Visitor(front), Visitor(front, cookies_of(ben))):
        hidden, missing = (reader.get(f"/t/{pk}/x/feed/") for pk in (topic.pk, 987654321))
        assert (hidden.status, hidden.headers, hidden.raw) == (404, missing.headers, missing.raw)


def test_request_headers_and_cookies_do_not_enter_cache(front, topic):
    sent = {
        "user_agent": "TOKEN",
        "referer": "TOKEN",
        "accept_language": "TOKEN",
        "x_forwarded_host": "TOKEN",
    }
    Visitor(front, "messages=TOKEN", sent).get(topic.get_absolute_url())
    assert front.store.copies.kept_keys() == []
    Visitor(front, "csrf=TOKEN; other=TOKEN", sent).get(topic.get_absolute_url())
    (key,) = front.store.copies.kept_keys()
    copy = front.store.copies.find(key)
    assert b"TOKEN" not in copy.page.body
    assert "TOKEN" not in str((copy.page.headers, key))


@pytest.mark.slow
def test_every_cached_page_depends_on_site_version(front, visitor, page_urls):
    for address in page_urls:
        visitor.get(address)
    assert all(
        page_versions.EPOCH in front.store.copies.find(key).page.rests_on
        for key in front.store.copies.kept_keys()
    )
    assert len(front.store.copies.kept_keys()) == len(page_urls)
