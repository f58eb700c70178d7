"""Quoting a selection, or a whole post, into the reply on the page; without scripts on a page of its own."""

import re

import pytest
from playwright.sync_api import Page, expect

from forum.models import Post, Section, Topic
from tests.browser.conftest import OpenBrowser
from tests.browser.person import Person
from tests.conftest import make_user, reply_to, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SELECT_TEXT = """([inside, from, to]) => {
  const walk = document.createTreeWalker(document.querySelector(inside), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent;
    if (text.includes(from)) range.setStart(walk.currentNode, text.indexOf(from));
    if (text.includes(to)) range.setEnd(walk.currentNode, text.indexOf(to) + to.length);
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


@pytest.fixture
def topic() -> Topic:
    talk = Section.objects.create(name="Talk", slug="talk")
    topic = start(
        talk, make_user("ada"), "Who rings?", "We ring at *nine*.\n\n- snake_case\n- 2 * 3 [x]\n\nOr at ten."
    )
    reply_to(topic, make_user("ben"), "At ten, then.")
    make_user("cleo")
    return topic


def open_topic(person: Person, topic: Topic) -> Page:
    person.sign_in()
    person.go(topic.get_absolute_url())
    return person.page


def press_quote(person: Person, post: Post) -> None:
    """By keyboard: once text is selected, a button of its own appears, which may cover the link."""
    person.post(post.pk).locator("a[data-act=quote]").press("Enter")


def test_selected_text_is_quoted_in_reply(open_browser: OpenBrowser, topic):
    cleo = open_browser("cleo")
    page = open_topic(cleo, topic)
    first, second = topic.posts.order_by("position")
    area = page.get_by_label("Your reply")
    area.fill("Good.")
    page.evaluate(SELECT_TEXT, [f"#p{first.pk} .post-body", "ring", "[x]"])
    press_quote(cleo, first)
    expect(area).to_have_value(
        f"Good.\n\n> [ada wrote](/p/{first.pk}/?revision=1):\n> ring at nine.\n>\n"
        "> - snake_case\n> - 2 \\* 3 \\[x\\]\n\n"
    )
    expect(area).to_be_focused()
    page.evaluate(SELECT_TEXT, [f"#p{second.pk} .post-body", "At", "ten"])
    press_quote(cleo, second)
    expect(area).to_have_value(re.compile(r"\[ben wrote\].*:\n> At ten\n\n$"))
    cleo.check_accessibility()
    cleo.act("reply")
    quotes = cleo.last_post.locator("blockquote.quote")
    expect(quotes).to_have_count(2)
    expect(quotes.first).to_contain_text("ada wrote")
    expect(quotes.first).not_to_contain_text("word for word")
    expect(quotes.last).to_contain_text("At ten")
    cleo.check_accessibility()


def test_whole_post_is_quoted_without_selection(open_browser: OpenBrowser, topic):
    cleo = open_browser("cleo")
    page = open_topic(cleo, topic)
    first = topic.posts.get(position=1)
    page.evaluate(SELECT_TEXT, [f"#p{first.pk} .byline", "ada", "ada"])  # not part of a post's text
    press_quote(cleo, first)
    expect(page.get_by_label("Your reply")).to_have_value(re.compile(r"\*nine\*.*Or at ten\.\n\n$", 16))
    expect(page).to_have_url(re.compile(r"/t/\d+/who-rings/$"))


def test_quoted_code_stays_code(open_browser: OpenBrowser, topic):
    post = reply_to(
        topic, topic.started_by, "Type `make *run*`:\n\n```\nif x:\n    y_z()\n```\n\nand wait,\nplease."
    )
    cleo = open_browser("cleo")
    page = open_topic(cleo, topic)
    page.evaluate(SELECT_TEXT, [f"#p{post.pk} .post-body", "Type", "please."])
    press_quote(cleo, post)
    expect(page.get_by_label("Your reply")).to_have_value(
        f"> [ada wrote](/p/{post.pk}/?revision=1):\n> Type `make *run*`:\n>\n> ```\n> if x:\n>     y_z()\n> ```\n"
        ">\n> and wait,\n> please.\n\n"
    )
    cleo.act("reply")
    expect(cleo.last_post.locator("blockquote.quote")).to_contain_text("wrote")


FORMATTED_TEXT = """# Before you ring

```
alpha = 1

 beta = 2
  gamma `x`
```

Type `make run now` and see [the long manual](/s/talk/ "All").

3. untie the rope
4. pull *hard*

| name | `a \\| b` |
|------|-----|
| low  | high|
"""


@pytest.mark.parametrize(
    ("begins", "ends", "typed", "shown"),
    [
        ("alpha", "beta", "```\n> alpha = 1\n>\n>  beta\n> ```", "pre code"),
        ("beta", "gam", "```\n> beta = 2\n>   gam\n> ```", "pre code"),
        ("gamma", "`x`", "```\n> gamma `x`\n> ```", "pre code"),
        ("run", "now", "`run now`", "code"),
        ("long", "manual", '[long manual](</s/talk/> "All")', "a[href='/s/talk/'][title='All']"),
        ("fore", "ring", "# fore you ring", "h3"),
        ("pull", "hard", "4. pull hard", "ol[start='4'] > li"),
        ("rope", "pull", "3. rope\n> 4. pull", "ol[start='3'] > li"),
        ("a | b", "a | b", "`a | b`", "code"),
    ],
)
def test_quoted_selection_preserves_its_formatting(
    open_browser: OpenBrowser, topic, begins, ends, typed, shown
):
    post = reply_to(topic, topic.started_by, FORMATTED_TEXT)
    cleo = open_browser("cleo")
    page = open_topic(cleo, topic)
    page.evaluate(SELECT_TEXT, [f"#p{post.pk} .post-body", begins, ends])
    press_quote(cleo, post)
    expect(page.get_by_label("Your reply")).to_have_value(
        f"> [ada wrote](/p/{post.pk}/?revision=1):\n> {typed}\n\n"
    )
    cleo.act("reply")
    quote = cleo.last_post.locator("blockquote.quote")
    expect(quote.locator(shown)).not_to_have_count(0)
    expect(quote).not_to_contain_text("word for word")


def test_selection_inside_quote_is_attributed_to_its_author(open_browser: OpenBrowser, topic):
    ada, ben = topic.posts.order_by("position")
    inner = f"> [ada wrote](/p/{ada.pk}/?revision=1):\n> We ring at *nine*."
    third = reply_to(topic, ben.author, f"Before.\n\n{inner}\n\nAfter.")
    cleo = open_browser("cleo")
    page = open_topic(cleo, topic)
    page.evaluate(SELECT_TEXT, [f"#p{third.pk} .post-body blockquote", "ring", "nine"])
    press_quote(cleo, third)
    expect(page.get_by_label("Your reply")).to_have_value(
        f"> [ada wrote](/p/{ada.pk}/?revision=1):\n> ring at nine\n\n"
    )
    cleo.act("reply")
    expect(cleo.last_post.locator("blockquote.quote")).to_contain_text("ada wrote")


def test_selection_in_plain_blockquote_stays_a_blockquote(open_browser: OpenBrowser, topic):
    post = reply_to(topic, topic.started_by, "> An old\n> proverb.\n\nSo it goes.")
    cleo = open_browser("cleo")
    page = open_topic(cleo, topic)
    page.evaluate(SELECT_TEXT, [f"#p{post.pk} .post-body", "old", "proverb"])
    press_quote(cleo, post)
    expect(page.get_by_label("Your reply")).to_have_value(
        f"> [ada wrote](/p/{post.pk}/?revision=1):\n> > old\n> > proverb\n\n"
    )
    cleo.act("reply")
    expect(cleo.last_post.locator("blockquote.quote")).not_to_contain_text("word for word")


def test_selection_over_several_posts_quotes_only_one(open_browser: OpenBrowser, topic):
    cleo = open_browser("cleo")
    page = open_topic(cleo, topic)
    second = topic.posts.get(position=2)
    page.evaluate(SELECT_TEXT, [".posts", "nine", "then"])
    press_quote(cleo, second)
    expect(page.get_by_label("Your reply")).to_have_value(
        f"> [ben wrote](/p/{second.pk}/?revision=1):\n> At ten, then\n\n"
    )


def test_nested_quote_is_replaced_by_ellipsis(open_browser: OpenBrowser, topic):
    ben = topic.posts.get(position=2)
    inner = f"> [ben wrote](/p/{ben.pk}/?revision=1):\n> At ten"
    third = reply_to(topic, ben.author, f"Before.\n\n{inner}\n\nAfter.")
    cleo = open_browser("cleo")
    page = open_topic(cleo, topic)
    page.evaluate(SELECT_TEXT, [f"#p{third.pk} .post-body", "Before", "After."])
    press_quote(cleo, third)
    expect(page.get_by_label("Your reply")).to_have_value(
        f"> [ben wrote](/p/{third.pk}/?revision=1):\n> Before.\n>\n> […]\n>\n> After.\n\n"
    )
    cleo.act("reply")
    expect(cleo.last_post.locator("blockquote.quote")).to_contain_text("wrote")


def test_quote_page_without_scripts_offers_more_posts(open_browser: OpenBrowser, topic):
    cleo = open_browser("cleo", scripts=False)
    page = open_topic(cleo, topic)
    first, second = topic.posts.order_by("position")
    cleo.act("quote", cleo.post(first.pk))
    expect(page.get_by_label("Your reply")).to_have_value(re.compile(r"^> \[ada wrote\]"))
    page.get_by_text("Quote more posts").click()
    page.get_by_label("ben").check()
    page.get_by_role("button", name="Add quotes").click()
    expect(page).to_have_url(re.compile(f"quote={first.pk}&quote={second.pk}$"))
    area = page.get_by_label("Your reply")
    area.fill(area.input_value() + "Both.")
    cleo.act("reply")
    expect(cleo.last_post.locator("blockquote.quote")).to_have_count(2)
    expect(cleo.last_post).to_contain_text("Both.")
