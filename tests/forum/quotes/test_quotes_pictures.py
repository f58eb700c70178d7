"""A picture in a quote is shown as a picture, to readers with access to the post that it belongs to."""

import re

import pytest

from forum.models import Quote, Section
from forum.posts.edit import edit_post
from moderation.posts.remove import remove_post
from tests.conftest import reply_to, start
from tests.forum.quotes.test_quote import quote
from tests.support.attachments import attach, kept_in  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db

GONE = "You can’t read the quoted post."


@pytest.fixture
def picture(attach, ada):  # noqa: F811
    return attach(ada, alt="The bell")


@pytest.fixture
def pictured(topic, ada, picture):
    """Ada's post, with a picture of hers."""
    return reply_to(topic, ada, f"Look: {picture.markdown}")


def shown(client, post) -> str:
    page = client.get(post.topic.get_absolute_url()).text
    return page[page.index(f'id="p{post.pk}"') :]


def test_it_is_shown_as_in_the_post(topic, pictured, picture, ben, guest):
    quoting = reply_to(topic, ben, quote(pictured, f"Look: {picture.markdown}"))
    said = shown(guest, quoting)
    assert f'<img src="{picture.get_absolute_url()}"' in said
    assert 'alt="The bell"' in said
    assert "edited quote" not in said
    assert guest.get(picture.get_absolute_url()).status_code == 200


def test_a_file_says_its_size_there_too(topic, attach, ada, ben, guest):  # noqa: F811
    file = attach(ada, name="bell.pdf", content=b"%PDF-1.7\n1 0 obj\n")
    quoted = reply_to(topic, ada, file.markdown)
    said = shown(guest, reply_to(topic, ben, quote(quoted, file.markdown)))
    assert f'<a href="{file.get_absolute_url()}">bell.pdf</a> (1 kB)' in said


def test_of_a_removed_post_neither_the_picture_nor_its_words(
    topic, pictured, picture, ben, cleo, mia, sign_in
):
    quoting = reply_to(topic, ben, quote(pictured, f"Look: {picture.markdown}"))
    remove_post(post=pictured, by=mia, reason="r")
    for person in (None, cleo, ben):
        said = shown(sign_in(person), quoting)
        assert GONE in said
        assert not re.search(rf"{picture.key}|The bell", said)
        assert sign_in(person).get(picture.get_absolute_url()).status_code == 404
    assert "<img" in shown(sign_in(mia), quoting)


def test_outside_of_the_quote_it_is_a_link_as_before(topic, pictured, picture, ben, guest):
    """Otherwise the picture of a removed post would be shown outside of the quote that hides it."""
    body = f"{quote(pictured, 'Look:')}\n\nMine: ![Nothing]({picture.get_absolute_url()})"
    said = shown(guest, reply_to(topic, ben, body))
    assert "<img" not in said
    assert f'<a href="{picture.get_absolute_url()}">Nothing</a>' in said


def test_in_a_quote_of_another_post_neither(topic, pictured, picture, bens, cleo, guest):
    for other in (bens, pictured):
        body = f"{quote(pictured, 'Look:')}\n\n{quote(other, picture.markdown)}"
        said = shown(guest, reply_to(topic, cleo, body))
        assert ("<img" in said) is (other == pictured)


def test_what_its_author_took_from_a_post_with_other_readers_is_a_link(topic, ada, ben, attach, guest):  # noqa: F811
    hidden = start(Section.objects.create(name="Desk", slug="desk", read_by="members"), ada)
    picture = attach(ada, alt="Plan")
    reply_to(hidden, ada, picture.markdown)
    open_too = reply_to(topic, ada, picture.markdown)
    reply_to(topic, ben, quote(open_too, picture.markdown))
    assert "<img" not in Quote.objects.get().html


def test_an_edit_and_a_preview_show_it_as_well(topic, pictured, picture, ben, mia, sign_in):
    body = quote(pictured, picture.markdown)
    said = sign_in(ben).post("/preview/", {"place": f"reply:{topic.pk}", "body": body}).text
    assert "<img" in said[said.index('class="preview"') :]
    quoting = reply_to(topic, ben, "Nothing yet.")
    edit_post(post=quoting, by=mia, body=body, version=1, reason="r")
    assert "<img" in shown(sign_in(ben), quoting)
