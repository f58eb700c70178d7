"""A text in Arabic that begins with a quotation, a name, code or an address is laid out right to left, and so are its
lists."""

import pytest

from forum.models import Section
from tests.browser.conftest import OpenBrowser
from tests.conftest import make_user, reply_to, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LATIN_OPENINGS = [
    "> A bell rings.\n\n",
    "@ada ",
    "`ring` ",
    "https://a.example/ ",
    "[A bell](/s/talk/)\n\n",
    "A bell.\n\n",
]
ARABIC_TEXT = (
    "الأجراس ترن.\n\n- `one` أول\n- @ada ثان\n- three\n\n1. أول\n\n> اقتباس\n\n# عنوان\n\n|ا|b|\n|-|-|\n"
)
# Where the words of an element begin: at its left or its right edge.
TEXT_SIDES = """(post) => [...post.querySelectorAll(".post-body :is(p, li, h3)")].map((element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  const words = range.getClientRects()[0], around = element.getBoundingClientRect();
  const side = Math.abs(words.left - around.left) < Math.abs(words.right - around.right) ? "left" : "right";
  return `${element.localName} ${side}`;
})"""
BLOCK_DIRECTIONS = """(post) => [...post.querySelectorAll("ul, ol, blockquote, table")].map((element) =>
  `${element.localName} ${getComputedStyle(element).direction}`)"""

TABLE_OVERHANG = """(post) => post.querySelector("table").getBoundingClientRect().right
  - post.querySelector(".post-body").getBoundingClientRect().right"""


@pytest.fixture
def posts():
    talk = Section.objects.create(name="Talk", slug="talk")
    topic = start(talk, make_user("ada"), "Bells")
    ben = make_user("ben")
    make_user("cleo")
    return [reply_to(topic, ben, f"{begins}{ARABIC_TEXT}") for begins in LATIN_OPENINGS]


def test_arabic_text_is_right_to_left_after_latin_opening(open_browser: OpenBrowser, posts):
    cleo = open_browser("cleo")
    cleo.sign_in()
    for width in (390, 1280):
        cleo.page.set_viewport_size({"width": width, "height": 900})
        cleo.go(posts[0].topic.get_absolute_url())
        for begins, post in zip(LATIN_OPENINGS, posts, strict=True):
            shown = cleo.post(post.pk)
            assert shown.evaluate(BLOCK_DIRECTIONS)[-4:] == [
                "ul rtl",
                "ol rtl",
                "blockquote rtl",
                "table rtl",
            ], begins
            assert abs(shown.evaluate(TABLE_OVERHANG)) < 1, begins
            sides = shown.evaluate(TEXT_SIDES)
            first, *items = sides[-7:]
            assert first == "p right", begins
            assert items == [*["li right"] * 4, "p right", "h3 right"], begins
            assert set(sides[:-7]) <= {"p left"}, begins
    cleo.check_accessibility()
