"""Every page on a phone and on a desktop, in the light and in the dark theme."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page

from accounts.models import LogEntry, User
from config.web import context_processors as web_context_processors
from forum.models import Post, Topic
from forum.read_state.unread_topics import UnreadCounts
from moderation.cases.pending_counts import PendingCounts
from moderation.posts.highlight import highlight_post
from moderation.reports.report import report_post
from moderation.topics.close import close_topic
from notifications.inbox.notify import notify
from tests.browser.person import axe_violations
from tests.conftest import browser_of, reply_to, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FORMATTED_BODY = """Read `this` first.

| place | picture | seconds, before | seconds, since Monday | what was seen there |
|---|---|---|---|---|
| Rochester | 2.4 MB | 9.1 | stops at 80 % | twice in three tries |

```
a-line-of-code-that-is-longer-than-any-telephone-is-wide, and-then-some-more-of-it-to-be-sure-of-that
```

> Quoted.

averyverylongwordthatnobodywouldwritebutsomebodyalwaysdoesaveryverylongwordthatnobodywouldwrite
"""
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, select, summary, textarea, input")]
  .filter((one) => one.checkVisibility() && !one.closest(".post-body, .visually-hidden, .skip"))
  .filter((one) => !one.matches("[type=hidden], [type=checkbox], [type=radio]"))
  .filter((one) => getComputedStyle(one).display !== "inline")
  .filter((one) => one.getBoundingClientRect().height < 43.5)
  .map((one) => one.outerHTML.slice(0, 100))"""
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
SMALLEST_PHONE = {"width": 320, "height": 640}

Sizes = dict[str, int]
Visit = Callable[..., Page]


@pytest.fixture
def pages(ada, ben, mia, noor, talk, news) -> dict[str, str]:
    """The URL of one page of each kind, in a community where a little of everything happened."""
    announcement = start(news, noor, "Two days down: what happened, and what comes next", FORMATTED_BODY)
    reply_to(announcement, ben)
    highlight_post(post=reply_to(announcement, mia, "It is **mended**."), by=noor)
    case = report_post(post=reply_to(announcement, ada), by=ben, reason="spam", comment="Again.").case
    long_title = "A title as long as titles may be, because somebody always writes one " * 3
    open_topic = start(talk, ada, long_title[:150].strip(), FORMATTED_BODY)
    close_topic(topic=announcement, by=mia, reason="All is well.", read_instead=open_topic)
    original = Post.objects.get(topic=open_topic, position=1)
    notify(member=noor, text="A long word: " + "highlight" * 12, url=original.get_absolute_url())
    return {
        "home": reverse("forum:home"),
        "section": talk.get_absolute_url(),
        "open topic": open_topic.get_absolute_url(),
        "closed topic": announcement.get_absolute_url(),
        "history": reverse("forum:history", args=[original.pk]),
        "profile": ada.get_absolute_url(),
        "sign in": reverse("account_login"),
        "sign up": reverse("account_signup"),
        "nowhere": "/no/such/page/",
        "edit": reverse("forum:edit", args=[original.pk]),
        "report": reverse("moderation:report", args=[original.pk]),
        "close": reverse("moderation:close", args=[open_topic.pk, open_topic.slug]),
        "desk": reverse("moderation:desk"),
        "case": reverse("moderation:case", args=[case.pk]),
        "log": reverse("moderation:log"),
        "entry": reverse("moderation:entry", args=[LogEntry.objects.latest("pk").pk]),
        "record": reverse("forum:record", args=[announcement.pk, announcement.slug]),
        "transparency": reverse("moderation:transparency"),
        "rules": reverse("rules"),
        "privacy": reverse("privacy"),
        "inbox": reverse("notifications:inbox"),
        "manage rules": reverse("manage_rules"),
        "manage pages": reverse("manage_pages"),
        "members": reverse("manage_members"),
        "sections": reverse("manage_sections"),
        "settings": reverse("account_settings"),
    }


GUEST_PAGES = {"sign in", "sign up"}


@pytest.fixture
def visit(chromium: Browser, site: str, noor) -> Iterator[Visit]:
    """Opens pages as the admin, who sees every possible act, or as a guest."""
    contexts = []

    def open_page(size: Sizes, theme: str = "light", as_guest: bool = False) -> Page:
        context = chromium.new_context(base_url=site, viewport=size, color_scheme=theme)
        contexts.append(context)
        if not as_guest:
            session = browser_of(noor).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def open_each(
    pages: dict[str, str], visit: Visit, size: Sizes, theme: str = "light"
) -> Iterator[tuple[str, Page]]:
    """Opens the pages one by one, each as a person who may see it."""
    guest, admin = visit(size, theme, as_guest=True), visit(size, theme)
    for name, url in pages.items():
        page = guest if name in GUEST_PAGES else admin
        response = page.goto(url)
        assert response is not None
        assert response.status == (404 if name == "nowhere" else 200), name
        yield name, page


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desk"])
def test_pages_have_no_axe_violations(pages, visit: Visit, size: Sizes, theme: str):
    faults = []
    for name, page in open_each(pages, visit, size, theme):
        faults += [f"{name}: {fault}" for fault in axe_violations(page)]
    assert faults == []


def test_no_page_scrolls_sideways_on_smallest_phone(pages, visit: Visit):
    wide = {
        name: width
        for name, page in open_each(pages, visit, SMALLEST_PHONE)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > SMALLEST_PHONE["width"]
    }
    assert wide == {}


def test_tap_targets_on_phone_are_44_pixels_high(pages, visit: Visit):
    """Links inside a sentence or a post are as high as their line."""
    found = {
        name: few for name, page in open_each(pages, visit, PHONE) if (few := page.evaluate(SMALL_TARGETS))
    }
    assert found == {}


def test_first_post_on_phone_starts_in_upper_half(topic: Topic, visit: Visit):
    page = visit(PHONE, as_guest=True)
    page.goto(topic.get_absolute_url())
    assert page.locator(".post-body").first.bounding_box()["y"] < PHONE["height"] / 2


@pytest.mark.parametrize("width", [320, 390, 450, 640, 700])
def test_header_with_longest_content_fits_in_one_row(visit: Visit, topic, noor, monkeypatch, width: int):
    """All links that staff have in the header, the longest name, and counts above their maximum."""
    User.objects.filter(pk=noor.pk).update(name="w" * 30, name_key="w" * 30)
    monkeypatch.setattr(web_context_processors, "pending_counts_for", lambda person: PendingCounts(99, 99))
    monkeypatch.setattr(web_context_processors, "unread_counts", lambda person: UnreadCounts(99_999, 99_999))
    page = visit({"width": width, "height": 640})
    for address in (topic.get_absolute_url(), reverse("moderation:desk")):
        page.goto(address)
        assert page.locator(".bar .count").all_inner_texts() == [
            "99+\nto review",
            "99+\nunread topics",
            "99+\nunread notifications",
        ]
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.locator(".bar").bounding_box()["height"] < 64
        targets = page.locator(".bar :is(nav > a, .menu > summary, .wordmark)").all()
        boxes = [target.bounding_box() for target in targets]
        assert len(boxes) == 5
        assert all(box["width"] >= 44 and box["height"] >= 44 for box in boxes), boxes
        apart = sorted(boxes, key=lambda box: box["x"])
        assert all(one["x"] + one["width"] <= other["x"] + 0.5 for one, other in pairwise(apart)), boxes
