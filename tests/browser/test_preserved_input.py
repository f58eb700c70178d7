"""Whatever happens to a text that a member sends, they keep it: with scripts and without, in a real browser.

Each failure is a small story: it makes sending fail, and says how its writer goes on. A text is lost when it is
neither where it was to be posted nor in the fields of the page they end up on.
"""

import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import RateCount, Session, User
from config.availability import database_monitor
from forum.antispam.check import POST_LIMIT
from forum.models import Draft, Post, Section, Topic
from moderation.posts.remove import remove_post
from moderation.topics.close import close_topic
from tests.browser.conftest import PAGE_TIMEOUT
from tests.conftest import PASSWORD, browser_of, reply_to, start
from tests.races.crowd import run_often

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BROWSER_ERROR_PAGE = re.compile("^chrome-error:")  # the browser's own page
PIECES = [
    "A bell",
    "**twice**",
    "é ü 🔔",
    "<b>no tag</b> & co",
    "> quoted",
    "- one\n- two",
    "    code",
    "“so”",
    "\ttab",
    "a\\b",
]


def generate_text(scenario: Callable, number: int) -> str:
    """Returns a different text each time; some begin with blanks, some are long."""
    chance = random.Random(number)
    size = chance.choice([1, 3, 10, 10, 200])
    said = chance.choice(["", "  ", "    "]) + "\n\n".join(chance.choice(PIECES) for _ in range(size))
    return f"{said}\n{scenario.__name__} {number}"


@dataclass
class Writer:
    """A person in a browser, with something to break."""

    page: Page
    context: BrowserContext
    member: User
    staff: User
    section: Section
    monkeypatch: pytest.MonkeyPatch
    topic: Topic = field(init=False)
    texts: list[str] = field(default_factory=list)

    def begin(self, address: str, text: str) -> None:
        self.page.goto(address)
        self.page.locator("[data-composer] textarea[name=body]").fill(text)

    def begin_reply(self, text: str) -> None:
        self.topic = start(self.section, self.staff, "A topic")
        self.begin(self.topic.get_absolute_url(), text)

    def press(self, act: str) -> None:
        self.page.locator(f"[data-act={act}]").last.click()

    def is_posted(self, text: str) -> bool:
        expect(self.page.locator("article.post").last).to_be_visible()
        return Post.objects.filter(author=self.member, body=text).count() == 1

    def is_on_the_page(self, text: str) -> bool:
        """Waits, since a script restores what the browser saved of the text."""
        for _ in range(PAGE_TIMEOUT // 100):
            if text in [area.input_value() for area in self.page.locator("textarea").all()]:
                return True
            self.page.wait_for_timeout(100)
        return False


def session_ended(writer: Writer, text: str) -> bool:
    writer.begin_reply(text)
    Session.objects.all().delete()
    writer.press("reply")
    writer.page.get_by_label("Username or email").fill(writer.member.name)
    writer.page.get_by_label("Password").fill(PASSWORD)
    writer.press("sign-in")
    writer.press("reply")
    return writer.is_posted(text)


def token_stale(writer: Writer, text: str) -> bool:
    writer.begin_reply(text)
    ours = next(cookie for cookie in writer.context.cookies() if cookie["name"] == "csrf")
    writer.context.add_cookies([{**ours, "value": "z" * 32}])
    writer.press("reply")
    writer.press("send-again")
    return writer.is_posted(text)


def topic_closed(writer: Writer, text: str) -> bool:
    writer.begin_reply(text)
    close_topic(topic=writer.topic, by=writer.staff, reason="Done.")
    writer.press("reply")
    expect(writer.page.get_by_role("heading", level=1)).to_have_text("This topic is closed")
    return writer.is_on_the_page(text)


def section_hidden(writer: Writer, text: str) -> bool:
    writer.begin_reply(text)
    Section.objects.update(read_by=Section.Audience.STAFF)
    writer.press("reply")
    expect(writer.page.get_by_role("heading", level=1)).to_have_text("This no longer exists")
    Section.objects.update(read_by=Section.Audience.EVERYONE)
    return writer.is_on_the_page(text)


def post_removed(writer: Writer, text: str) -> bool:
    mine = reply_to(start(writer.section, writer.staff), writer.member, "Before.")
    writer.begin(f"/p/{mine.pk}/edit/", text)
    remove_post(post=mine, by=writer.staff, reason="Rude.")
    writer.press("edit")
    expect(writer.page.get_by_role("heading", level=1)).to_have_text("Not allowed")
    return writer.is_on_the_page(text)


def too_fast(writer: Writer, text: str) -> bool:
    writer.begin_reply(text)
    exhaust_reply_limit(writer.member)
    writer.press("reply")
    expect(writer.page.get_by_role("heading", level=1)).to_have_text("Slow down")
    RateCount.objects.all().delete()
    writer.press("send-again")
    return writer.is_posted(text)


def exhaust_reply_limit(member: User) -> None:
    """Uses up as many replies as a minute allows, in this minute and in the next nine."""
    slot = int(time.time() // POST_LIMIT.seconds)
    RateCount.objects.filter(user=member, act="post").delete()
    RateCount.objects.bulk_create(
        RateCount(user=member, act="post", slot=slot + n, count=POST_LIMIT.most) for n in range(10)
    )


def check_failed(writer: Writer, text: str) -> bool:
    writer.begin("/s/talk/new/", text)
    writer.page.get_by_label("Title").fill("\u200b")  # valid for the browser, empty for the server
    writer.press("start")
    expect(writer.page.get_by_role("alert")).to_contain_text("Enter a title")
    writer.page.get_by_label("Title").fill("A title")
    writer.press("start")
    return writer.is_posted(text)


def too_large(writer: Writer, text: str) -> bool:
    """The response of the web server in front of Belfry, which has read nothing of the request."""
    writer.begin_reply(text)
    writer.page.route("**/reply/", lambda route: route.fulfill(status=413, body="<h1>Too large</h1>"))
    writer.press("reply")
    expect(writer.page.get_by_role("heading", level=1)).to_have_text("Too large")
    writer.page.unroute("**/reply/")
    writer.page.go_back()
    return writer.is_on_the_page(text)


def database_unavailable(writer: Writer, text: str) -> bool:
    writer.begin_reply(text)
    with writer.monkeypatch.context() as patch:
        patch.setattr(database_monitor, "database", database_monitor.Database(is_well=False))
        writer.press("reply")
        expect(writer.page.get_by_role("heading", level=1)).to_have_text("Temporarily unavailable")
    writer.press("send-again")
    return writer.is_posted(text)


def server_unreachable(writer: Writer, text: str) -> bool:
    """The server does not respond: the browser shows a page of its own, and the writer goes back from it."""
    writer.begin_reply(text)
    writer.page.route("**/reply/", lambda route: route.abort("connectionrefused"))
    writer.press("reply")
    expect(writer.page).to_have_url(BROWSER_ERROR_PAGE)
    writer.page.unroute("**/reply/")
    writer.page.go_back()
    expect(writer.page.locator("[data-composer] textarea")).to_have_value(text)
    writer.press("reply")
    return writer.is_posted(text)


def browser_closed(writer: Writer, text: str) -> bool:
    """The server is away, and the window is closed: only a script can have saved the text."""
    writer.begin_reply(text)
    writer.context.route("**/*", lambda route: route.abort("connectionrefused"))
    writer.press("reply")
    expect(writer.page).to_have_url(BROWSER_ERROR_PAGE)
    writer.context.unroute("**/*")
    writer.page.close()
    writer.page = writer.context.new_page()
    writer.page.goto(writer.topic.get_absolute_url())
    expect(writer.page.locator("[data-composer] textarea")).to_have_value(text)
    writer.press("reply")
    return writer.is_posted(text)


def preview_when_signed_out(writer: Writer, text: str) -> bool:
    writer.begin_reply(text)
    Session.objects.all().delete()
    # As the button does where no script handles the click.
    writer.page.locator("[data-act=preview]").evaluate("button => button.form.requestSubmit(button)")
    writer.page.get_by_label("Username or email").fill(writer.member.name)
    writer.page.get_by_label("Password").fill(PASSWORD)
    writer.press("sign-in")
    writer.press("reply")
    return writer.is_posted(text)


Scenario = Callable[[Writer, str], bool]
SCENARIOS: list[Scenario] = [
    session_ended, token_stale, topic_closed, section_hidden, post_removed, too_fast, check_failed, too_large,
    database_unavailable, server_unreachable, preview_when_signed_out,
]  # fmt: skip
SCENARIOS_WITH_SCRIPTS: list[Scenario] = [*SCENARIOS, browser_closed]


@pytest.fixture
def make_writer(
    chromium: Browser, site: str, cleo, mia, talk, monkeypatch
) -> Iterator[Callable[..., Writer]]:
    contexts = []

    def open_context(scripts: bool) -> Writer:
        context = chromium.new_context(base_url=site, java_script_enabled=scripts, reduced_motion="reduce")
        context.set_default_timeout(PAGE_TIMEOUT)
        contexts.append(context)
        session = browser_of(cleo).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        return Writer(context.new_page(), context, cleo, mia, talk, monkeypatch)

    yield open_context
    for context in contexts:
        context.close()


def run_scenario(scenario: Scenario, writer: Writer, number: int) -> bool:
    """Does the text survive the story?"""
    text = generate_text(scenario, number)
    RateCount.objects.all().delete()
    cache.clear()  # counters of sign-ins, as there are fifty stories
    try:
        return scenario(writer, text)
    finally:
        writer.context.close()


@run_often(1, 50)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_sent_text_survives_every_failure(make_writer, times, scripts):
    scenarios = SCENARIOS_WITH_SCRIPTS if scripts else SCENARIOS
    lost = [
        (scenario.__name__, number)
        for scenario in scenarios
        for number in range(times)
        if not run_scenario(scenario, make_writer(scripts), number)
    ]
    print(f"texts lost: {len(lost)} of {times} through each of {len(scenarios)} failures")
    assert lost == []
    if scripts:
        kept = {draft.body for draft in Draft.objects.all()}
        assert kept <= {generate_text(scenario, number) for scenario in scenarios for number in range(times)}


def test_control_lost_text_is_detected(make_writer, monkeypatch):
    """The control: a page that rejects the text and gives nothing back."""
    monkeypatch.setattr("core.web.preserved_input._input_of", lambda request: (request.path, {}, True))
    writer = make_writer(False)
    assert topic_closed(writer, generate_text(topic_closed, 0)) is False
