"""Nothing that guests may not see enters the page cache: secrets are planted everywhere, and a guest follows every
link while members and staff, who may see them, keep requesting the same pages."""

import re
from html import unescape

import pytest
from django.http import HttpResponse

from config.availability import database_monitor
from config.page_cache.cache_key import Key
from config.page_cache.wsgi import is_cacheable
from forum.models import Section
from forum.posts.edit import edit_post
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from moderation.reports.report import report_post
from tests.conftest import reply_to, start
from tests.support.site_fixtures import cookies_of
from tests.support.wsgi_client import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
LINK = re.compile(r'(?:href|action)="(/[^"#]*)')


def token(name: str) -> str:
    return f"secret{name}secret"


STAFF_TOKENS = ["hidden", "staffonly", "hiddentitle", "removed", "highlighted", "comment", "reason"]


@pytest.fixture
def secret_urls(topic, talk, ada, ben, mia, noor) -> list[str]:
    """URLs that only some may read; the tokens are on these pages."""
    members = Section.objects.create(name="Lounge", slug="lounge", read_by=Section.Audience.MEMBERS)
    staff = Section.objects.create(name="Desk", slug="desk", read_by=Section.Audience.STAFF)
    hidden = start(members, ada, token("hiddentitle"), token("hidden"))
    kept = start(staff, mia, "For us", token("staffonly"))
    remove_post(post=reply_to(topic, ben, token("removed")), by=mia, reason="Rude.")
    marked = reply_to(topic, ben, token("highlighted"))
    highlight_post(post=marked, by=mia)
    remove_post(post=marked, by=mia, reason="A mistake.")
    report = report_post(post=topic.posts.get(position=1), by=ben, reason="other", comment=token("comment"))
    edited = reply_to(hidden, ada, "Before.")
    edit_post(post=edited, by=mia, body="After.", version=1, reason=token("reason"))
    highlight_post(post=edited, by=mia)
    return [
        hidden.get_absolute_url(),
        hidden.url_for("topic_feed"),
        kept.url_for("topic_feed"),
        "/s/lounge/feed/",
        "/s/desk/feed/",
        kept.get_absolute_url(),
        edited.url_for("history"),
        members.get_absolute_url(),
        topic.get_absolute_url(),
        f"/moderation/cases/{report.case_id}/",
        "/moderation/",
        "/moderation/log/",
    ]


def crawl(visitor: Visitor, *begin: str) -> dict[str, str]:
    """Visits everything that links lead to, and the start pages."""
    found, waiting = {}, ["/", *begin]
    while waiting:
        address = waiting.pop()
        if address in found or len(found) > 400:
            continue
        answer = visitor.get(address, accept_encoding="br")
        found[address] = f"{answer.headers}{answer.text}"
        waiting += [unescape(link) for link in LINK.findall(answer.text) if not link.startswith("/account")]
    return found


def cached_text(front) -> str:
    copies = [front.store.copies.find(key).page for key in front.store.copies.kept_keys()]
    kept = [front.store.disk.read(Key(*copy.key)) for copy in copies]
    return "".join(f"{page.key}{page.headers}{page.body.decode()}" for page in [*copies, *filter(None, kept)])


@pytest.mark.slow
def test_crawling_guest_finds_no_secret(front, secret_urls, topic, ben, mia, noor):
    people = [Visitor(front, cookies_of(person)) for person in (ben, mia, noor)]
    sessions = [value for person in people for value in re.findall(r"=([^;]+)", person.cookies)]
    seen_by_staff = ""
    for _ in range(2):  # the second time from the cache
        for person in people:
            seen_by_staff += "".join(crawl(person, *secret_urls).values())
        database_monitor.poll_now(front.store.copies.names(), within=120)
        guests = "".join(crawl(Visitor(front), *secret_urls).values()) + cached_text(front)
        for secret in [*map(token, STAFF_TOKENS), *sessions, "example.org", "csrfmiddlewaretoken"]:
            assert secret not in guests, secret
    # The control: those who may see the secrets do, on pages of the same URLs.
    for secret in map(token, STAFF_TOKENS):
        assert secret in seen_by_staff, secret
    assert "csrfmiddlewaretoken" in seen_by_staff
    kept = {key.address for key in front.store.copies.kept_keys()}
    assert len(kept) >= 5
    feeds = {"/feeds/", "/feeds/announcements/", "/feeds/highlights/", "/s/talk/feed/"}
    assert {address for address in kept if "/feed" in address} == {*feeds, f"/t/{topic.pk}/-/feed/"}


@pytest.mark.parametrize(
    "statement",
    [
        "request.session.get('x')",
        "request.session.__setitem__('x', 1)",
        "get_token(request)",
        "messages.info(request, 'x')",
        "response.set_cookie('x', 'y')",
        "setattr(request, 'user', get_user(request))",
    ],
)
def test_page_that_used_session_or_user_is_not_cached(front, topic, monkeypatch, statement):
    from django.contrib import messages
    from django.contrib.auth import get_user
    from django.middleware.csrf import get_token

    from forum.web.page_versions import cache_with

    said, names = cache_with, {"messages": messages, "get_user": get_user, "get_token": get_token}

    def looking(response, *stamps, **said_too):
        import inspect

        request = inspect.currentframe().f_back.f_locals["request"]
        eval(statement, names, {"request": request, "response": response})
        return said(response, *stamps, **said_too)

    monkeypatch.setattr("forum.topic_page.views.cache_with", looking)
    assert Visitor(front).get(topic.get_absolute_url()).status == 200
    assert front.store.copies.kept_keys() == []


def test_page_without_declared_dependencies_is_not_cached():
    assert not is_cacheable(HttpResponse("words"))
