"""What counts as read in a topic: with JavaScript, the posts that were on the screen, and no more; without it, what
the page says."""

import pytest
from playwright.sync_api import Page, expect

from forum.models import Post, ReadMark, Topic
from forum.posts.edit import edit_post
from tests.conftest import reply_to, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


# `wait_for_function` uses eval when it has to wait, which the content security policy forbids.
AFTER_SCROLLING = """new Promise((done) => {
  const look = () => (scrollY > 1000 ? done() : requestAnimationFrame(look));
  look();
})"""


@pytest.fixture
def long_topic(talk, ada, ben, cleo, no_rate_limits) -> Topic:
    """Twelve posts, each about half a window high, and new to Cleo."""
    topic = start(talk, ada, "Long")
    for number in range(11):
        reply_to(topic, ben, f"Number {number}.\n\n" + "And so on and on. " * 50)
    return topic


def read_position(topic: Topic) -> int | None:
    return (
        ReadMark.objects.filter(member__name="cleo", topic=topic).values_list("position", flat=True).first()
    )


def wait_for_read_report(page: Page, act, until) -> int:
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


def test_opening_topic_marks_only_visible_posts_as_read(long_topic, open_as_cleo):
    page = open_as_cleo()
    wait_for_read_report(page, lambda: page.goto(long_topic.get_absolute_url()), lambda to: True)
    assert 1 <= (read_position(long_topic) or 0) <= 3


def test_scrolling_down_marks_as_read_and_scrolling_up_does_not_unmark(long_topic, open_as_cleo):
    page = open_as_cleo()
    wait_for_read_report(page, lambda: page.goto(long_topic.get_absolute_url()), lambda to: True)
    before = read_position(long_topic)
    wait_for_read_report(page, lambda: page.mouse.wheel(0, 1500), lambda to: to > before)
    further = read_position(long_topic)
    assert before < further < 12
    wait_for_read_report(page, lambda: page.keyboard.press("End"), lambda to: to == 12)
    assert read_position(long_topic) == 12
    page.keyboard.press("Home")
    page.reload()
    expect(page.locator("form[data-reading]")).to_have_count(0)  # nothing on it is new any more
    assert read_position(long_topic) == 12


def test_leaving_at_once_marks_visible_posts_as_read(long_topic, open_as_cleo):
    page = open_as_cleo()
    page.goto(long_topic.get_absolute_url())
    expect(page.locator("article[data-position='1']")).to_be_in_viewport()
    page.goto("/unread/")
    while not read_position(long_topic):  # the page reported while it scrolled
        page.reload()
    assert 1 <= (read_position(long_topic) or 0) <= 3


def test_hidden_tab_marks_nothing_as_read(long_topic, open_as_cleo):
    page = open_as_cleo()
    page.add_init_script(
        "Object.defineProperty(document, 'visibilityState', { get: () => window.state ?? 'hidden' })"
    )
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(long_topic.get_absolute_url())
    page.mouse.wheel(0, 1500)
    page.evaluate(AFTER_SCROLLING)
    assert not [url for url in requests if url.endswith("/read/")]
    come = "() => { window.state = 'visible'; document.dispatchEvent(new Event('visibilitychange')) }"
    wait_for_read_report(page, lambda: page.evaluate(come), lambda to: True)
    assert (read_position(long_topic) or 0) >= 1


def test_furthest_of_two_tabs_decides_read_position(long_topic, open_as_cleo):
    far, near = open_as_cleo(), open_as_cleo()
    wait_for_read_report(
        far, lambda: far.goto(f"{long_topic.get_absolute_url()}#newest"), lambda to: to == 12
    )
    near.goto(long_topic.get_absolute_url())
    near.goto("/unread/")
    assert read_position(long_topic) == 12


def test_whole_page_is_marked_as_read_without_scripts(long_topic, open_as_cleo):
    page = open_as_cleo(scripts=False)
    page.goto(long_topic.get_absolute_url())
    expect(page.get_by_text("Marked as read up to #12.")).to_be_visible()
    assert read_position(long_topic) == 12
    page.reload()
    expect(page.get_by_text("Marked as read")).to_have_count(0)


def test_marked_as_read_notice_is_hidden_with_scripts(long_topic, open_as_cleo):
    page = open_as_cleo()
    page.goto(long_topic.get_absolute_url())
    expect(page.get_by_text("Marked as read")).to_be_hidden()


def test_changed_post_is_marked_until_seen(long_topic, ben, open_as_cleo):
    page = open_as_cleo()
    wait_for_read_report(
        page, lambda: page.goto(f"{long_topic.get_absolute_url()}#newest"), lambda to: to == 12
    )
    last: Post = long_topic.posts.get(position=12)
    edit_post(post=last, by=ben, body="Other words.", version=1)
    page.goto("/unread/")

    def come_to_the_end() -> None:
        page.goto(long_topic.get_absolute_url())
        expect(page.locator("article .changed-since")).to_have_count(1)
        page.keyboard.press("End")

    wait_for_read_report(page, come_to_the_end, lambda to: to == 12)
    page.reload()
    expect(page.locator("article .changed-since")).to_have_count(0)
