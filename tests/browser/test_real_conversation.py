"""The conversation of a real forum's page, entered through the pages by its people, is displayed as it should be.

The text is not in the repository, since other people own it. Without it the test is skipped.
"""

import os
import re
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import Person
from tests.conftest import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEED = Path(os.environ.get("BELFRY_SEED", Path(__file__).parents[3] / "shared" / "SEED.txt"))
SCREENSHOTS = os.environ.get("BELFRY_SCREENSHOTS")  # a folder for screenshots of the page
STAMP = re.compile(r"^Posted at .+$", re.MULTILINE)
SPEAKER = re.compile(r"^(\S+) says$", re.MULTILINE)
TIME = re.compile(r"\d{1,2}:\d\d[ap]m [A-Z][a-z]{2} \d{1,2}, \d{4} E[SD]T")
ADDED_TEXT = "Thank you all for your patience."
CLOSE_REASON = "The site is back; the rest is in the next announcement."


@dataclass(frozen=True)
class Conversation:
    title: str
    opening: str
    replies: list[tuple[str, str]]  # author, text


def read_conversation(text: str) -> Conversation:
    """The title is on the first line, the posts follow "Original Post", each after its time."""
    posts = STAMP.split(text.partition("Original Post\n")[2])
    nameless = (f"member{number}" for number in count(1))
    replies = []
    for post in posts[1:-1] if not posts[-1].strip() else posts[1:]:
        speaker = SPEAKER.search(post)
        said = SPEAKER.sub("", post).strip()
        replies.append((speaker[1] if speaker else next(nameless), said or ":)"))
    return Conversation(text.splitlines()[0], posts[0].strip(), replies)


@pytest.fixture
def conversation() -> Conversation:
    if not SEED.exists():
        pytest.skip("the conversation is not here; BELFRY_SEED may name its file")
    return read_conversation(SEED.read_text())


def test_conversation_from_real_forum_is_displayed_correctly(
    open_browser, conversation: Conversation, news, noor, mia
):
    admin = open_browser("noor")
    admin.sign_in()
    admin.start_topic("News", conversation.title, conversation.opening)
    topic = news.topics.get()
    for name, said in conversation.replies:
        make_user(name)
        member = open_browser(name)
        member.sign_in()
        member.go(topic.get_absolute_url())
        member.post_reply(said)
        expect(member.last_post.locator(".byline .name")).to_have_text(name)
    smile, kind_words = topic.posts.get(position=5), topic.posts.get(position=9)
    member.go(topic.get_absolute_url())
    member.report(member.post(smile.pk), "Off-topic", "Only a smile.")
    admin.go(topic.get_absolute_url())
    admin.edit(admin.page.locator("[data-position='1']"), f"{conversation.opening}\n\n{ADDED_TEXT}")
    moderator = open_browser("mia")
    moderator.sign_in()
    moderator.go(topic.get_absolute_url())
    moderator.highlight(moderator.post(kind_words.pk))
    moderator.close_topic(CLOSE_REASON)

    guest = open_browser()
    guest.go(topic.get_absolute_url())
    assert_page_shows_conversation(guest.page, conversation, highlighted=kind_words.pk)
    guest.check_accessibility()
    if SCREENSHOTS:
        take_screenshots(open_browser, topic.get_absolute_url())


def assert_page_shows_conversation(page: Page, conversation: Conversation, *, highlighted: int) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(conversation.title)
    for fold in page.locator("details.thanks").all():  # thanks-only replies are collapsed
        fold.evaluate("fold => { fold.open = true }")
    posts = page.locator("article.post")
    assert [post.get_attribute("data-position") for post in posts.all()] == [str(n) for n in range(1, 11)]
    names = ["noor", *(name for name, _ in conversation.replies)]
    assert posts.locator(".byline .name").all_inner_texts() == names
    bodies = posts.locator(".post-body").all_inner_texts()
    assert [body.split() for body in bodies[1:]] == [said.split() for _, said in conversation.replies]

    opening = posts.first.locator(".post-body")
    expect(opening.locator("ul")).to_have_count(1)
    expect(opening.locator("ul > li")).to_have_count(3)
    assert opening.inner_text().split() == f"{conversation.opening} {ADDED_TEXT}".replace("•", "").split()
    expect(posts.first.locator(".edited")).to_contain_text("Edited")
    expect(posts.first.locator(".edited")).to_contain_text("2 revisions")

    times = [*posts.locator(".byline time").all(), posts.first.locator(".edited time")]
    times += [page.locator(".notices .closure time"), page.locator(".highlights time")]
    for time in times:
        assert time.inner_text() == displayed_time(time.get_attribute("datetime"))

    expect(page.locator(f".highlights [data-post='{highlighted}']")).to_contain_text(
        conversation.replies[7][1][:40]
    )
    notice = page.locator(".notices .closure")
    expect(notice).to_contain_text("This topic was closed by a moderator")
    expect(notice).to_contain_text(CLOSE_REASON)
    expect(page.locator("[data-act=reply], #reply")).to_have_count(0)
    expect(page.get_by_text("This topic is closed to new replies.")).to_be_visible()


def displayed_time(stamp: str) -> str:
    """Returns a time in the format shown beside a post: 3:57pm Apr 23, 2007 EDT."""
    time = datetime.fromisoformat(stamp).astimezone(ZoneInfo("America/New_York"))
    written = (
        f"{time:%I:%M}".lstrip("0") + f"{time:%p}".lower() + f" {time:%b} {time.day}, {time.year} {time:%Z}"
    )
    assert TIME.fullmatch(written)
    return written


def take_screenshots(open_browser, address: str) -> None:
    """Takes screenshots of the page, as a guest and as a moderator see it."""
    Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
    for width, theme in ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")):
        for name in ("guest", "mia"):
            reader: Person = open_browser(name, viewport={"width": width, "height": 900}, color_scheme=theme)
            if name == "mia":
                reader.sign_in()
            reader.go(address)
            reader.page.screenshot(path=f"{SCREENSHOTS}/{name}-{width}-{theme}.png", full_page=True)
