"""What counts as read in a topic: with JavaScript, the posts that were on the screen, and no more; without it, what
the page says."""

import pytest
from playwright.sync_api import Page, expect

from forum.models import Post, ReadMark, Topic
from forum.posts.edit import edit_post
from tests.conftest import reply_to, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def long(talk, ada, ben, cleo, no_limits) -> Topic:
    """Twelve posts, each about half a window high, and new to Cleo."""
    topic = start(talk, ada, "Long")
    for number in range(11):
        reply_to(topic, ben, f"Number {number}.\n\n" + "And so on and on. " * 50)
    return topic


def mark(topic: Topic) -> int | None:
    return (
        ReadMark.objects.filter(member__name="cleo", topic=topic).values_list("position", flat=True).first()
    )


def told(page: Page, act, until) -> int:
    """Acts, waits until the page has sent how far it was read, and returns that position."""
    heard: list[int] = []

    def is_it(request) -> bool:
        if not request.url.endswith("/read/"):
            return False
        heard.append(int(dict(pair.split("=") for pair in request.post_data.split("&"))["to"]))
        return until(heard[-1])

    with page.expect_request_finished(is_it):
        act()
    return heard[-1]


def test_opening_the_top_reads_only_what_is_on_the_screen(long, sit_at):
    page = sit_at()
    told(page, lambda: page.goto(long.get_absolute_url()), lambda to: True)
    assert 1 <= (mark(long) or 0) <= 3


def test_scrolling_reads_on_and_back_reads_nothing_less(long, sit_at):
    page = sit_at()
    told(page, lambda: page.goto(long.get_absolute_url()), lambda to: True)
    before = mark(long)
    told(page, lambda: page.mouse.wheel(0, 1500), lambda to: to > before)
    further = mark(long)
    assert before < further < 12
    told(page, lambda: page.keyboard.press("End"), lambda to: to == 12)
    assert mark(long) == 12
    page.keyboard.press("Home")
    page.reload()
    expect(page.locator("form[data-reading]")).to_have_count(0)  # nothing on it is new any more
    assert mark(long) == 12


def test_who_leaves_at_once_has_read_what_they_saw(long, sit_at):
    page = sit_at()
    page.goto(long.get_absolute_url())
    expect(page.locator("article[data-position='1']")).to_be_in_viewport()
    page.goto("/unread/")
    while not mark(long):  # the page reported while it scrolled
        page.reload()
    assert 1 <= (mark(long) or 0) <= 3


def test_a_tab_behind_reads_nothing(long, sit_at):
    page = sit_at()
    page.add_init_script(
        "Object.defineProperty(document, 'visibilityState', { get: () => window.state ?? 'hidden' })"
    )
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(long.get_absolute_url())
    page.mouse.wheel(0, 1500)
    page.wait_for_function("scrollY > 1000")
    assert not [url for url in requests if url.endswith("/read/")]
    come = "() => { window.state = 'visible'; document.dispatchEvent(new Event('visibilitychange')) }"
    told(page, lambda: page.evaluate(come), lambda to: True)
    assert (mark(long) or 0) >= 1


def test_of_two_tabs_the_one_that_is_further_counts(long, sit_at):
    far, near = sit_at(), sit_at()
    told(far, lambda: far.goto(f"{long.get_absolute_url()}#newest"), lambda to: to == 12)
    near.goto(long.get_absolute_url())
    near.goto("/unread/")
    assert mark(long) == 12


def test_without_javascript_the_page_is_read_and_says_so(long, sit_at):
    page = sit_at(scripts=False)
    page.goto(long.get_absolute_url())
    expect(page.get_by_text("Marked as read up to #12.")).to_be_visible()
    assert mark(long) == 12
    page.reload()
    expect(page.get_by_text("Marked as read")).to_have_count(0)


def test_with_javascript_nothing_of_that_is_shown(long, sit_at):
    page = sit_at()
    page.goto(long.get_absolute_url())
    expect(page.get_by_text("Marked as read")).to_be_hidden()


def test_a_changed_post_is_told_until_it_was_seen(long, ben, sit_at):
    page = sit_at()
    told(page, lambda: page.goto(f"{long.get_absolute_url()}#newest"), lambda to: to == 12)
    last: Post = long.posts.get(position=12)
    edit_post(post=last, by=ben, body="Other words.", version=1)
    page.goto("/unread/")

    def come_to_the_end() -> None:
        page.goto(long.get_absolute_url())
        expect(page.locator("article .changed-since")).to_have_count(1)
        page.keyboard.press("End")

    told(page, come_to_the_end, lambda to: to == 12)
    page.reload()
    expect(page.locator("article .changed-since")).to_have_count(0)
