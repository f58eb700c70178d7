"""/search/ in a browser: the form, results, pages, and whatever people type."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from forum.models import Section
from forum.search import matches as search_matches, views as search_views
from moderation.posts.remove import remove_post
from tests.conftest import reply_to, start
from tests.forum.topic_lists.test_lists import count_queries
from tests.support.costs import stretch
from tests.support.page import Page

pytestmark = pytest.mark.django_db


def results(client, query: str, **params) -> Page:
    response = client.get("/search/", {"q": query, **params})
    assert response.status_code == 200
    return Page(response)


def test_topics_are_shown_with_title_excerpt_and_author(topic, bens, guest):
    page = results(guest, "searches")
    (hit,) = page.all(".hit")
    assert hit.one("h3 a")["href"] == topic.posts.get(position=1).get_absolute_url()
    assert hit.one("h3 mark").text == "search"
    assert "ada" in hit.one(".facts").text
    assert hit.one(".excerpt").text == "It takes a minute."
    assert "1 topic" in page.one("[role=status]").text


def test_posts_are_shown_newest_first_and_by_topic(topic, ben, guest):
    for number in range(3):
        reply_to(topic, ben, f"Slow number {number}")
    page = results(guest, "slow")
    assert "3 more posts in this topic" in page.one(".more-here").text
    newest = Page(guest.get(f"/search/{page.one('.more-here a')['href']}"))
    assert newest.texts(".excerpt") == [
        "Slow number 2",
        "Slow number 1",
        "Slow number 0",
        "It takes a minute.",
    ]
    assert "4 posts" in newest.one("[role=status]").text


def test_text_stays_escaped(talk, ada, guest):
    start(talk, ada, "<b>Bold</b> & bell", "`<script>alert(1)</script>` bell")
    page = results(guest, '<b>"bell')
    assert page.one(".hit h3").text == "<b>Bold</b> & bell"
    assert "<script>alert(1)</script>" in page.one(".excerpt").text
    assert not page.has(".hit :is(b, script)")
    marks = results(guest, '"script alert 1 script"').texts(".excerpt mark")
    assert marks == ["script>alert(1)</script"]
    assert page.one("main input[name=q]")["value"] == '<b>"bell'


def test_options_are_written_as_filters(topic, news, mia, guest):
    start(news, mia, "Slow day", "Nothing happens.")
    said = {
        "q": "slow",
        "section": "news",
        "author": "@mia",
        "since": "2020-01-01",
        "official": "on",
        "order": "newest",
    }
    response = guest.get("/search/", said)
    query = "slow in:news by:mia after:2020-01-01 is:official"
    assert response.status_code == 302
    page = Page(guest.get(response["Location"]))
    assert page.texts(".hit h3") == ["Slow day"]
    assert page.one("main input[name=q]")["value"] == "slow"
    assert page.one("select[name=section] option[selected]")["value"] == "news"
    assert page.one("input[name=author]")["value"] == "mia"
    assert page.one("input[name=since]")["value"] == "2020-01-01"
    assert page.has("input[name=official][checked]")
    assert page.has("details[open]")
    assert page.one("[aria-current=true]").text == "Newest"
    assert query in Page(guest.get("/search/", {"q": query})).one("title").text


def test_invalid_option_is_explained_beside_its_field(guest):
    response = guest.get("/search/", {"q": "kept words", "since": "yesterday", "section": "nowhere"})
    assert response.status_code == 400
    page = Page(response)
    assert page.one("main input[name=q]")["value"] == "kept words"
    assert len(page.all(".field.wrong .errorlist")) == 2


def test_pages_by_relevance_and_by_time_hold_every_hit_once(talk, ada, guest):
    now = timezone.now()
    for number in range(45):
        start(talk, ada, f"Bell number {number}", at=now - timedelta(hours=number))
    for params, names in (({}, 3), ({"order": "newest"}, 3)):
        titles, page = [], results(guest, "bell", **params)
        for _ in range(names):
            titles += page.texts(".hit h3")
            if page.has("a[rel=next]"):
                page = Page(guest.get(f"/search/{page.one('a[rel=next]')['href']}"))
        assert len(titles) == len(set(titles)) == 45
        assert not page.has("a[rel=next]")
        assert page.has("a[rel=prev]") == (not params)


def test_more_than_a_thousand_are_not_counted(talk, ada, guest, monkeypatch):
    monkeypatch.setattr("forum.search.results.COUNTED_MAX", 2)
    monkeypatch.setattr("forum.search.ranking.COMPARED_MAX", 3)
    for number in range(5):
        start(talk, ada, f"Bell number {number}")
    page = results(guest, "bell")
    assert "1,000+ topics" in page.one("[role=status]").text
    assert "Only the newest 2,000 matching posts were compared." in page.one("[role=status]").text
    assert "1,000+ posts" in results(guest, "bell", order="newest").one("[role=status]").text


def test_hidden_posts_change_nothing_for_those_who_cannot_read_them(topic, ada, ben, mia, guest, sign_in):
    """Neither hits nor order, counts, status or length."""

    def seen() -> list:
        return [
            (response.status_code, Page(response).one("main").text)
            for client in (guest, sign_in(ben))
            for query in ("search", "secret", "in:staff", "in:staff secret", "by:mia", "secret OR slow")
            for order in ("", "newest")
            for response in [client.get("/search/", {"q": query, "order": order})]
        ]

    staff = Section.objects.create(name="Staff", slug="staff", read_by=Section.Audience.STAFF)
    before = seen()
    start(staff, mia, "Secret search", "Slow secret.")
    removed = reply_to(topic, ada, "A secret search.")
    remove_post(post=removed, by=mia, reason="Secret.")
    assert seen() == before
    assert "Secret search" in results(sign_in(mia), "secret").text


@pytest.mark.parametrize(
    "query",
    [
        "word " * 10_000, "the a is", "%", "%_\\", '"' * 400, "\0", "a\0b", "(((", "& | ! <->", "':*", "\\", "-",
        "OR " * 99, '-"', "日" * 400, "\u202e", "x" * 500, "@s1 ^search =search", "topic:99999999999999999",
        "after:9999-12-31", "before:0001-01-01", "in:\0 by:\0", "by:" + "x" * 300, "\ud83d\ude00",
    ],
)  # fmt: skip
@pytest.mark.parametrize("order", ["", "newest"])
def test_whatever_is_typed_gets_a_quick_answer(query, order, topic, guest):
    guest.get("/search/", {"q": "warm up"})
    began = time.monotonic()
    response = guest.get("/search/", {"q": query.encode("utf-8", "surrogatepass"), "order": order})
    assert response.status_code in (200, 400)
    assert time.monotonic() - began < 0.3 * stretch()


@pytest.mark.parametrize(
    "params",
    [{"page": "1000000000"}, {"page": "0"}, {"page": "x"}, {"page": "²"}, {"older": "x"}, {"older": "1-x"}],
)  # fmt: skip
def test_invalid_pages_are_rejected(params, topic, guest):
    assert guest.get("/search/", {"q": "search", **params}).status_code == 400


def test_search_that_takes_too_long_says_so(topic, guest, monkeypatch):
    slow = search_matches.MATCHES.replace(" WHERE", ", pg_sleep(20) WHERE")
    monkeypatch.setattr(search_matches, "MATCHES", slow)
    monkeypatch.setattr(search_views, "SECONDS", 0.001)
    response = guest.get("/search/", {"q": "slow search"})
    assert response.status_code == 503
    page = Page(response)
    assert "took too long" in page.one("[role=alert]").text
    assert page.one("main input[name=q]")["value"] == "slow search"


def test_empty_search_shows_tips(guest):
    assert results(guest, "").has(".search-help")
    assert results(guest, "-red").has(".search-help")
    assert Page(guest.get("/search/")).has(".search-help")


def test_nothing_found_gives_advice(topic, guest):
    page = results(guest, "zebra")
    assert "Nothing was found." in page.one("[role=status]").text
    assert not page.has(".hit-list")


def test_every_other_page_has_a_search_field(topic, guest):
    bar = Page(guest.get("/")).one(".bar")
    assert bar.one("form[role=search]")["action"] == "/search/"
    assert not Page(guest.get("/search/")).has(".bar form[role=search]")


def test_search_engines_do_not_index_results(guest):
    assert results(guest, "x").one("meta[name=robots]")["content"] == "noindex"


@pytest.mark.parametrize("number", [3, 30])
def test_number_of_queries_does_not_grow(number, talk, ada, guest):
    for each in range(number):
        start(talk, ada, f"Bell {each}", "Bells all over.", at=timezone.now() - timedelta(hours=each))
    assert count_queries(guest, "/search/?q=bell") <= 22
