"""A picture in a quote is shown as a picture, to readers with access to the post that it belongs to."""

import re

import pytest

from forum.models import Quote, Section
from forum.posts.edit import edit_post
from moderation.posts.remove import remove_post
from tests.conftest import reply_to, start
from tests.forum.quotes.test_quote import quote

pytestmark = pytest.mark.django_db

UNREADABLE_NOTICE = "You can’t read the quoted post."


@pytest.fixture
def picture(attach, ada):
    return attach(ada, alt="The bell")


@pytest.fixture
def pictured(topic, ada, picture):
    """Ada's post, with a picture of hers."""
    return reply_to(topic, ada, f"Look: {picture.markdown}")


def page_from_post(client, post) -> str:
    page = client.get(post.topic.get_absolute_url()).text
    return page[page.index(f'id="p{post.pk}"') :]


@pytest.mark.slow
def test_quoted_picture_is_shown_as_in_the_original_post(topic, pictured, picture, ben, guest):
    quoting = reply_to(topic, ben, quote(pictured, f"Look: {picture.markdown}"))
    rendered = page_from_post(guest, quoting)
    assert f'<img src="{picture.get_absolute_url()}"' in rendered
    assert 'alt="The bell"' in rendered
    assert "edited quote" not in rendered
    assert guest.get(picture.get_absolute_url()).status_code == 200


def test_quoted_file_link_shows_file_size(topic, attach, ada, ben, guest):
    file = attach(ada, name="bell.pdf", content=b"%PDF-1.7\n1 0 obj\n")
    quoted = reply_to(topic, ada, file.markdown)
    rendered = page_from_post(guest, reply_to(topic, ben, quote(quoted, file.markdown)))
    assert f'<a href="{file.get_absolute_url()}">bell.pdf</a> (1 kB)' in rendered


@pytest.mark.slow
def test_quote_of_removed_post_hides_picture_and_description(
    topic, pictured, picture, ben, cleo, mia, sign_in
):
    quoting = reply_to(topic, ben, quote(pictured, f"Look: {picture.markdown}"))
    remove_post(post=pictured, by=mia, reason="r")
    for person in (None, cleo, ben):
        rendered = page_from_post(sign_in(person), quoting)
        assert UNREADABLE_NOTICE in rendered
        assert not re.search(rf"{picture.key}|The bell", rendered)
        assert sign_in(person).get(picture.get_absolute_url()).status_code == 404
    assert "<img" in page_from_post(sign_in(mia), quoting)


@pytest.mark.slow
def test_picture_outside_quote_is_shown_as_link(topic, pictured, picture, ben, guest):
    """Otherwise the picture of a removed post would be shown outside of the quote that hides it."""
    body = f"{quote(pictured, 'Look:')}\n\nMine: ![Nothing]({picture.get_absolute_url()})"
    rendered = page_from_post(guest, reply_to(topic, ben, body))
    assert "<img" not in rendered
    assert f'<a href="{picture.get_absolute_url()}">Nothing</a>' in rendered


@pytest.mark.slow
def test_picture_is_shown_only_in_quote_of_its_own_post(topic, pictured, picture, bens, cleo, guest):
    for other in (bens, pictured):
        body = f"{quote(pictured, 'Look:')}\n\n{quote(other, picture.markdown)}"
        rendered = page_from_post(guest, reply_to(topic, cleo, body))
        assert ("<img" in rendered) is (other == pictured)


@pytest.mark.slow
def test_quoted_picture_first_used_in_restricted_section_is_not_shown(topic, ada, ben, attach, guest):
    hidden = start(Section.objects.create(name="Desk", slug="desk", read_by="members"), ada)
    picture = attach(ada, alt="Plan")
    reply_to(hidden, ada, picture.markdown)
    open_too = reply_to(topic, ada, picture.markdown)
    reply_to(topic, ben, quote(open_too, picture.markdown))
    assert "<img" not in Quote.objects.get().html


def test_quoted_picture_is_shown_in_previews_and_after_edits(topic, pictured, picture, ben, mia, sign_in):
    body = quote(pictured, picture.markdown)
    rendered = sign_in(ben).post("/preview/", {"place": f"reply:{topic.pk}", "body": body}).text
    assert "<img" in rendered[rendered.index('class="preview"') :]
    quoting = reply_to(topic, ben, "Nothing yet.")
    edit_post(post=quoting, by=mia, body=body, version=1, reason="r")
    assert "<img" in page_from_post(sign_in(ben), quoting)
