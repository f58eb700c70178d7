"""A text in Arabic that begins with a quotation, a name, code or an address reads from the right, its lists too."""

import pytest
from playwright.sync_api import expect

from forum.models import Section
from tests.browser.conftest import SitDown
from tests.conftest import answer, make_user, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Where the words of an element begin: at its left or at its right edge.
SIDES = """(post) => [...post.querySelectorAll(".post-body :is(p, li, h3)")].map((element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  const words = range.getClientRects()[0], around = element.getBoundingClientRect();
  const side = Math.abs(words.left - around.left) < Math.abs(words.right - around.right) ? "left" : "right";
  return `${element.localName} ${side}`;
})"""
LISTS = """(post) => [...post.querySelectorAll("ul, ol, blockquote, table")].map((element) =>
  `${element.localName} ${getComputedStyle(element).direction}`)"""


@pytest.mark.parametrize(
    "begins",
    [
        "> A bell rings.\n\n",
        "@ada ",
        "`ring` ",
        "https://a.example/ ",
        "[A bell](/s/talk/)\n\n",
        "A bell.\n\n",
    ],
)
@pytest.mark.parametrize("width", [390, 1280])
def test_right_is_where_it_begins(sit_down: SitDown, begins: str, width: int):
    talk = Section.objects.create(name="Talk", slug="talk")
    topic = start(talk, make_user("ada"), "Bells")
    make_user("cleo")
    said = f"{begins}الأجراس ترن.\n\n- `one` أول\n- @ada ثان\n- three\n\n1. أول\n\n> اقتباس\n\n# عنوان\n\n|ا|b|\n|-|-|\n"
    post = answer(topic, make_user("ben"), said)
    cleo = sit_down("cleo", width=width)
    cleo.sign_in()
    cleo.go(topic.get_absolute_url())
    shown = cleo.post(post.pk)
    lists = shown.evaluate(LISTS)
    own = lists[1:] if begins.startswith(">") else lists
    assert own == ["ul rtl", "ol rtl", "blockquote rtl", "table rtl"]
    sides = shown.evaluate(SIDES)
    assert sides[-6:] == ["li right", "li right", "li right", "li right", "p right", "h3 right"]
    assert "p right" in sides[:-6]
    if len(sides) == 8:
        assert sides[0] == "p left"
    expect(shown).to_contain_text("عنوان")
    cleo.look_around()
