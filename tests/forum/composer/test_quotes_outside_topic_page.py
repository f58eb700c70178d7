"""Quotes outside their topic's page: in feeds, new replies, previews and drafts."""

import pytest

from forum.drafts import store as drafts_store
from forum.models.draft import reply_draft_key
from forum.posts.edit import edit_post
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from tests.conftest import reply_to
from tests.forum.quotes.test_quote import area, quote
from tests.support.feed_reader import HIGHLIGHTS, Read, of

pytestmark = pytest.mark.django_db
UNAVAILABLE_MESSAGE = "You can’t read the quoted post."


@pytest.mark.slow
def test_feeds_show_only_quotes_that_guests_can_read(guest, topic, original, bens, cleo, mia):
    quoting = reply_to(topic, cleo, f"{quote(bens, 'Here too.')}\n\nWords.")
    highlight_post(post=quoting, by=mia)
    edit_post(post=quoting, by=cleo, body="No more.", version=1)
    second = reply_to(topic, cleo, quote(bens, "Here too."))
    assert "Here too." in Read(guest, of(topic)).texts[0]
    assert "Here too." in Read(guest, HIGHLIGHTS).texts[0]
    remove_post(post=bens, by=mia, reason="r")
    for address in (of(topic), HIGHLIGHTS):
        text = Read(guest, address).texts[0]
        assert "Here too." not in text
        assert UNAVAILABLE_MESSAGE in text
        assert "<!--" not in text
    assert second.pk in Read(guest, of(topic)).ids


def test_new_replies_page_hides_quotes_of_removed_posts(topic, bens, ben, cleo, mia, sign_in):
    reply_to(topic, ben, quote(bens, "Here too."))
    address = f"{topic.url_for('since')}?seen=2"
    assert "Here too." in sign_in(cleo).get(address).text
    remove_post(post=bens, by=mia, reason="r")
    page = sign_in(cleo).get(address).text
    assert UNAVAILABLE_MESSAGE in page
    assert "Here too." not in page


def test_preview_shows_quotes(topic, bens, cleo, sign_in):
    said = {"place": reply_draft_key(topic.pk), "body": quote(bens, "Here too."), "submission_key": "x"}
    for accepted in ("text/html", "application/json"):
        shown = sign_in(cleo).post("/preview/", said, headers={"accept": accepted}).text
        assert "blockquote" in shown
        assert "<!--quote" not in shown


def test_quote_is_appended_to_the_draft_once(topic, original, bens, cleo, sign_in):
    begun = f"Mine.\n\n{quote(original, 'It takes a minute.')}"
    drafts_store.save(by=cleo, draft_key=reply_draft_key(topic.pk), body=begun, version=0)
    page = sign_in(cleo).get(f"{topic.url_for('reply')}?quote={original.pk}&quote={bens.pk}")
    assert area(page) == f"{begun}\n\n{quote(bens, 'Here too.')}\n\n"


def test_script_receives_only_the_quote_without_the_draft(topic, bens, cleo, sign_in):
    drafts_store.save(by=cleo, draft_key=reply_draft_key(topic.pk), body="Mine.", version=0)
    given = sign_in(cleo).get(f"/p/{bens.pk}/quote/", headers={"accept": "application/json"})
    assert given.json() == {"quote": quote(bens, "Here too.")}
