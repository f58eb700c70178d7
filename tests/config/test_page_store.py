"""What guests get from the page store, and how proxies and browsers may keep it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import roles
from accounts.picture import change_picture
from config import watch
from config.middleware import POLICY
from forum import editing, sectioning, versions
from forum.models import Section
from moderation import closing, highlighting, removing
from tests.config.conftest import cookies_of
from tests.conftest import answer, start
from tests.pictures import picture, sent
from tests.visiting import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def public(front, topic, original, ada) -> list[str]:
    """One address of every kind."""
    editing.edit_post(post=original, by=ada, body="It takes two minutes.", version=1)
    assert watch.look_now(within=10)  # lists made before this look would be made once more
    return [
        "/",
        topic.section.get_absolute_url(),
        topic.get_absolute_url(),
        original.url_for("history"),
        f"{original.url_for('history')}?from=1&to=2",
        ada.get_absolute_url(),
    ]


def queries(visitor, address, **headers) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert visitor.get(address, **headers).status == 200
    return len(captured)


def test_the_second_guest_costs_no_query(visitor, public):
    for address in public:
        first = visitor.get(address)
        assert queries(visitor, address) == 0, address
        assert visitor.get(address).text == first.text


def test_it_carries_every_header_of_a_page(visitor, topic):
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
def test_it_comes_in_the_smallest_encoding_that_is_taken(visitor, topic, accepted, encoding):
    page = visitor.get(topic.get_absolute_url(), accept_encoding=accepted)
    assert page.headers.get("content-encoding") == encoding
    assert page.text == visitor.get(topic.get_absolute_url()).text
    assert int(page["Content-Length"]) == len(page.raw)


def test_who_has_it_already_gets_304(visitor, topic):
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


def test_head_says_what_get_would(visitor, topic):
    address = topic.get_absolute_url()
    for asked_first in ("HEAD", "GET"):
        visitor.get(address, method=asked_first)
        head, page = visitor.get(address, method="HEAD"), visitor.get(address)
        assert (head.status, head.raw, head["Content-Length"]) == (200, b"", page["Content-Length"])
    assert visitor.get("/t/999/nothing/", method="HEAD").raw == b""


@pytest.mark.parametrize(
    "query", ["page=1", "page=01", "page=2&x=1", "x=1", "page=", "page=2&page=2", "utm=1"]
)
def test_only_addresses_that_belfry_writes_are_kept(visitor, front, topic, query):
    visitor.get(f"{topic.get_absolute_url()}?{query}")
    assert front.store.copies.kept_keys() == []


def test_junk_in_place_of_numbers_is_not_kept(visitor, front, public, original, ada):
    for address in (f"{original.url_for('history')}?from=1&to=77", f"{ada.get_absolute_url()}?before=99999"):
        assert visitor.get(address).status == 200
    assert front.store.copies.kept_keys() == []


def test_themes_hosts_and_schemes_are_kept_apart(front, topic, settings):
    settings.ALLOWED_HOSTS = ["localhost", "other.example"]
    for theme in ("", "theme=dark", "theme=light", "theme=neon", "a=b; theme=dark"):
        Visitor(front, theme).get(topic.get_absolute_url())
    Visitor(front).get(topic.get_absolute_url(), host="other.example:8000")
    assert {(key.theme, key.host) for key in front.store.copies.kept_keys()} == {
        ("system", "localhost"), ("dark", "localhost"), ("light", "localhost"), ("system", "other.example")
    }  # fmt: skip


def test_a_host_that_is_not_ours_gets_nothing(visitor, front, topic):
    visitor.get(topic.get_absolute_url())
    assert visitor.get(topic.get_absolute_url(), host="evil.example").status == 400


def test_members_get_their_own_page(front, visitor, topic, ben):
    visitor.get(topic.get_absolute_url())
    kept = len(front.store.copies.kept_keys())
    page = Visitor(front, cookies_of(ben)).get(topic.get_absolute_url())
    assert 'data-act="reply"' in page.text
    assert page["Cache-Control"] == "private, no-store"
    assert len(front.store.copies.kept_keys()) == kept
    assert 'data-act="reply"' not in visitor.get(topic.get_absolute_url()).text


def test_what_a_visitor_sends_is_in_no_page(front, topic):
    sent = {
        "user_agent": "TOKEN",
        "referer": "TOKEN",
        "accept_language": "TOKEN",
        "x_forwarded_host": "TOKEN",
    }
    curious = Visitor(front, "csrf=TOKEN; messages=TOKEN; other=TOKEN", sent)
    curious.get(topic.get_absolute_url())
    (key,) = front.store.copies.kept_keys()
    copy = front.store.copies.find(key)
    assert b"TOKEN" not in copy.page.body
    assert "TOKEN" not in str((copy.page.headers, key))


CHANGES = {
    "reply": lambda topic, post, cast: answer(topic, cast["ben"], "A new word."),
    "edit": lambda topic, post, cast: editing.edit_post(post=post, by=cast["ben"], body="New words.", version=1),
    "highlight": lambda topic, post, cast: highlighting.highlight(post=post, by=cast["mia"]),
    "close": lambda topic, post, cast: closing.close_topic(topic=topic, by=cast["mia"], reason="Enough."),
    "remove": lambda topic, post, cast: removing.remove_post(post=post, by=cast["mia"], reason="Rude."),
    "retitle": lambda topic, post, cast: editing.retitle(topic=topic, by=cast["ada"], title="Other", version=1),
    "picture": lambda topic, post, cast: change_picture(by=cast["ben"], upload=sent("ben.png", picture())),
    "role": lambda topic, post, cast: roles.change_role(member=cast["ben"], by=cast["noor"], role="moderator"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_makes_every_page_new_that_shows_it(change, visitor, topic, bens, ada, ben, mia, noor):

    addresses = ["/", topic.section.get_absolute_url(), topic.get_absolute_url(), ben.get_absolute_url()]
    before = [visitor.get(address).text for address in addresses]
    CHANGES[change](topic, bens, {"ada": ada, "ben": ben, "mia": mia, "noor": noor})
    assert watch.look_now(visitor.app.store.copies.names(), within=5)
    topic.refresh_from_db()
    if change == "retitle":
        addresses[2] = topic.get_absolute_url()
    after = [visitor.get(address).text for address in addresses]
    by_django = [
        visitor.get(f"{address}?x").text.replace("%3Fx", "").replace("?x", "") for address in addresses
    ]
    assert after == by_django
    assert after[2] != before[2]


def test_a_hidden_section_is_hidden_at_once(visitor, topic, talk, noor):

    address = topic.get_absolute_url()
    assert visitor.get(address).status == 200
    sectioning.change_section(section=talk, by=noor, grants={}, read_by=Section.Audience.MEMBERS)
    assert watch.look_now(visitor.app.store.copies.names(), within=5)
    assert visitor.get(address).status == 404
    assert visitor.get(address).status == 404


def test_the_list_of_another_section_stays(front, visitor, topic, news, mia):

    assert watch.look_now(within=10)
    visitor.get(topic.section.get_absolute_url())
    visitor.get(news.get_absolute_url())
    start(news, mia)
    assert watch.look_now(visitor.app.store.copies.names(), within=5)
    assert queries(visitor, topic.section.get_absolute_url()) == 0
    assert queries(visitor, news.get_absolute_url()) > 0


def test_every_page_rests_on_the_epoch(front, visitor, public):
    for address in public:
        visitor.get(address)
    assert all(
        versions.EPOCH in front.store.copies.find(key).page.rests_on for key in front.store.copies.kept_keys()
    )
    assert len(front.store.copies.kept_keys()) == len(public)
