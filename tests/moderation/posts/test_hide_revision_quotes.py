"""Quotes of a revision that staff have hidden."""

import pytest

from forum.models import HiddenRevision, Post, Quote
from forum.posts.edit import edit_post
from tests.conftest import reply_to, start
from tests.forum.quotes.test_quote import quote
from tests.support.hidden_revisions import TOKEN, hide

pytestmark = pytest.mark.django_db


class TestQuotes:
    @pytest.fixture
    def quoting_post(self, topic, post, cleo) -> Post:
        """Cleo's post, in another topic, which quoted it before it was hidden."""
        other = start(topic.section, cleo, title="Else")
        return reply_to(other, cleo, f"{quote(post, f'Three, {TOKEN}.', revision=3)}\n\nHer own.")

    def pages(self, quoting_post: Post) -> list[str]:
        feed, post = f"/t/{quoting_post.topic_id}/a/feed/", f"/p/{quoting_post.pk}"
        return [quoting_post.topic.get_absolute_url(), feed, f"{post}/history/", f"{post}/edit/"]

    @pytest.mark.slow
    def test_quote_of_hidden_revision_is_visible_to_staff_only(
        self, post, quoting_post, ben, cleo, mia, guest, sign_in
    ):
        edit_post(post=quoting_post, by=cleo, body=f"{quoting_post.body}\n\nMore.", version=1)
        for client in (guest, sign_in(cleo)):
            assert all(TOKEN in client.get(page).text for page in self.pages(quoting_post)[:3])
        hide(post, mia)
        for person in (None, ben, cleo):
            for page in self.pages(quoting_post):
                assert TOKEN not in sign_in(person).get(page).text, (person, page)
            page = sign_in(person).get(self.pages(quoting_post)[0]).text
            assert "You can’t read the quoted post" in page
        page = sign_in(mia).get(self.pages(quoting_post)[0]).text
        assert TOKEN in page
        assert "not visible to everyone here" in page

    @pytest.mark.slow
    def test_new_quote_of_hidden_revision_shows_no_text(self, topic, post, cleo, mia, guest, sign_in):
        hide(post, mia)
        said = {"place": f"reply:{topic.pk}", "body": quote(post, f"Three, {TOKEN}.", revision=3)}
        shown = sign_in(cleo).post("/preview/", said).text
        assert TOKEN not in shown[shown.index('class="preview"') :].split("</section>")[0]
        reply_to(topic, cleo, said["body"])
        assert TOKEN not in guest.get(topic.get_absolute_url()).text

    @pytest.mark.slow
    def test_quote_of_other_revision_stays_visible(self, topic, post, cleo, mia, guest):
        reply_to(topic, cleo, quote(post, "Two of five.", revision=2))
        hide(post, mia)
        page = guest.get(topic.get_absolute_url()).text
        assert "Two of five." in page
        assert "edited since" in page

    @pytest.mark.slow
    def test_quote_querysets_agree_on_who_may_read(self, post, quoting_post, ada, ben, cleo, mia, noor):
        hide(post, mia)
        for person in (ada, ben, cleo, mia, noor):
            may = person.is_staff
            assert Quote.objects.visible_to(person).exists() is may
            assert Quote.objects.as_seen_by(person).get().may_read is may
            assert HiddenRevision.objects.hidden_from(person).exists() is not may
