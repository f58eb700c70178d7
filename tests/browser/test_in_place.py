"""Thanks, bookmarks and votes in place: the page and the focus stay, and errors are shown there."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from forum.models import Bookmark, Post, Thanks, Topic, Vote
from forum.polls.polls import PollTerms
from forum.thanks.thank import thank_post
from moderation.topics.close import close_topic
from tests.browser.person import axe_violations
from tests.conftest import reply_to, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOP_POSITION = "element => element.getBoundingClientRect().top"


@pytest.fixture
def middle_post(topic, ada, ben, no_rate_limits) -> Post:
    """The middle post, between long ones."""
    for number in range(3):
        reply_to(topic, ada, f"Number {number}. " + "And so on. " * 90)
    post = reply_to(topic, ben, "In the middle.")
    for number in range(3):
        reply_to(topic, ada, f"Number {number}. " + "And so on. " * 90)
    return post


@pytest.fixture
def poll_topic(talk, ada) -> Topic:
    return start(talk, ada, "Tea?", poll=PollTerms(("Yes", "No"), "Tea?"))


def scroll_to(page: Page, post: Post) -> tuple[float, int]:
    """Scrolls the post to the middle of the window. Returns its position and the length of the browser history."""
    page.goto(post.topic.get_absolute_url())
    page.locator(f"#p{post.pk}").evaluate("element => element.scrollIntoView({ block: 'center' })")
    return page.locator(f"#p{post.pk}").evaluate(TOP_POSITION), page.evaluate("history.length")


@pytest.mark.parametrize(
    ("act", "undo", "pressed_label"), [("thank", "unthank", "Thanked"), ("save", "unsave", "Bookmarked")]
)
def test_thanking_and_bookmarking_do_not_reload_or_scroll(
    middle_post, open_as_cleo, act, undo, pressed_label
):
    page = open_as_cleo()
    was = scroll_to(page, middle_post)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.method))
    post = page.locator(f"#p{middle_post.pk}")
    post.locator(f"[data-act={act}]").focus()
    page.keyboard.press("Enter")
    expect(post.locator(f"[data-act={undo}]")).to_be_focused()
    expect(post.locator(f"[data-act={undo}]")).to_have_attribute("aria-pressed", "true")
    expect(post.locator(f"[data-act={undo}]")).to_have_accessible_name(f"{pressed_label} ben’s post #6")
    assert (post.evaluate(TOP_POSITION), page.evaluate("history.length")) == was
    assert [method for method in requests if method == "POST"] == ["POST"]
    assert "GET" not in requests
    assert "#" not in page.url
    expect(
        page.get_by_role("status").filter(
            has_text="You thanked ben." if act == "thank" else "Bookmark added."
        )
    ).to_have_count(1)
    expect(page.locator(".messages")).to_have_count(0)
    assert axe_violations(page) == []


@pytest.mark.parametrize("act", ["thank", "save"])
def test_page_returns_to_the_post_without_scripts(middle_post, open_as_cleo, act):
    page = open_as_cleo(scripts=False)
    page.goto(middle_post.topic.get_absolute_url())
    page.locator(f"#p{middle_post.pk} [data-act={act}]").click()
    page.wait_for_url("**#acts*")
    button = page.locator(f"#p{middle_post.pk} [data-act=un{act}]")
    expect(button).to_be_in_viewport()
    box = button.bounding_box()
    assert box is not None
    assert 300 < box["y"] < 600  # of 900: it did not jump to the top or below the window
    assert page.locator(".post:target").count() == 0  # which would be highlighted
    expect(page.locator(".messages")).to_have_count(0)


def test_double_click_thanks_once_and_does_not_undo(middle_post, open_as_cleo):
    page = open_as_cleo()
    scroll_to(page, middle_post)
    button = page.locator(f"#p{middle_post.pk} [data-act=thank]")
    box = button.bounding_box()
    assert box is not None
    spot = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(*spot)
    expect(page.locator(f"#p{middle_post.pk} [data-act=unthank]")).to_be_visible()
    page.mouse.down(click_count=2)  # the response came before the button was released
    page.mouse.up(click_count=2)
    page.locator(
        f"#p{middle_post.pk} [data-act=save]"
    ).click()  # whatever the second click had sent came before this
    expect(page.locator(f"#p{middle_post.pk} [data-act=unsave]")).to_be_visible()
    expect(page.locator(f"#p{middle_post.pk} [data-act=unthank]")).to_be_visible()
    assert Thanks.objects.count() == 1


def test_voting_and_retracting_do_not_reload(poll_topic, open_as_cleo):
    page = open_as_cleo()
    page.goto(poll_topic.get_absolute_url())
    length = page.evaluate("history.length")
    page.get_by_role("radio", name="Yes").check()
    page.locator("[data-act=vote]").click()
    expect(page.locator(".poll [data-act=unvote]")).to_be_visible()
    expect(page.locator("[data-act=vote]")).to_be_focused()
    expect(page.locator(".poll .votes").first).to_contain_text("100")
    assert Vote.objects.get().member.name == "cleo"
    page.locator("[data-act=unvote]").click()
    expect(page.locator("[data-act=unvote]")).to_have_count(0)
    expect(page.get_by_role("radio", name="Yes")).not_to_be_checked()
    assert page.evaluate("history.length") == length
    assert not Vote.objects.exists()


def test_closed_poll_shows_error_and_preserves_choice(poll_topic, open_as_cleo, mia):
    page = open_as_cleo()
    page.goto(poll_topic.get_absolute_url())
    page.get_by_role("radio", name="No").check()
    close_topic(topic=poll_topic, by=mia, reason="Enough.")
    page.locator("[data-act=vote]").click()
    expect(page.get_by_role("alert")).to_contain_text("This topic is closed")
    expect(page.get_by_role("radio", name="No")).to_be_checked()


def test_rate_limit_and_network_errors_are_shown_beside_button(middle_post, open_as_cleo):
    page = open_as_cleo()
    scroll_to(page, middle_post)
    button = page.locator(f"#p{middle_post.pk} [data-act=thank]")
    page.route(
        "**/thank/", lambda route: route.fulfill(status=429, body="<h1>Too fast</h1><main><p>Wait 7 seconds.")
    )
    button.click()
    expect(page.locator(f"#p{middle_post.pk}").get_by_role("alert")).to_have_text("Too fast. Wait 7 seconds.")
    page.unroute("**/thank/")
    page.route("**/thank/", lambda route: route.abort())
    button.click()
    expect(page.locator(f"#p{middle_post.pk}").get_by_role("alert")).to_contain_text(
        "The server didn’t respond"
    )
    page.unroute("**/thank/")
    button.click()
    expect(page.locator(f"#p{middle_post.pk} [data-act=unthank]")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_signed_out_member_gets_sign_in_link_to_topic(middle_post, open_as_cleo):
    page = open_as_cleo()
    scroll_to(page, middle_post)
    page.context.clear_cookies()
    page.locator(f"#p{middle_post.pk} [data-act=thank]").click()
    notice = page.locator(f"#p{middle_post.pk}").get_by_role("alert")
    expect(notice).to_contain_text("You’ve been signed out")
    href = notice.get_by_role("link", name="Sign in").get_attribute("href") or ""
    assert href.endswith(f"?next={middle_post.topic.get_absolute_url().replace('/', '%2F')}")


def test_new_csrf_cookie_requires_no_second_click(middle_post, open_as_cleo, site, cleo: User):
    page = open_as_cleo()
    scroll_to(page, middle_post)
    page.context.clear_cookies(name="csrf")
    page.context.add_cookies([{"name": "csrf", "value": "n" * 32, "url": site}])
    page.locator(f"#p{middle_post.pk} [data-act=save]").click()
    expect(page.locator(f"#p{middle_post.pk} [data-act=unsave]")).to_be_visible()
    assert Bookmark.objects.get().post == middle_post
    page.locator(f"#p{middle_post.pk} [data-act=thank]").click()
    expect(page.locator(f"#p{middle_post.pk} [data-act=unthank]")).to_be_visible()


def test_thanking_member_appears_in_list_of_names(middle_post, open_as_cleo, mia):
    thank_post(post=middle_post, by=mia)
    page = open_as_cleo()
    was = scroll_to(page, middle_post)
    page.locator(f"#p{middle_post.pk} [data-act=thank]").click()
    expect(page.locator(f"#p{middle_post.pk} .who-thanks")).to_contain_text("Thanked by mia and cleo")
    assert page.locator(f"#p{middle_post.pk}").evaluate(TOP_POSITION) == was[0]
