"""Quoted words inside a quote belong to the post quoted there, whatever the browser says; guessing reveals nothing."""

import pytest

from core.text import render
from core.text.references import References
from forum.models import Post, Quote, Section
from forum.posts.edit import edit_post
from forum.posts.rerender import rerender_posts
from forum.quotes.create import find_quotes
from moderation.posts.remove import remove_post
from tests.conftest import reply_to, start
from tests.support.new_member_limits import only_pending_post

pytestmark = pytest.mark.django_db
SECRET = "the bell is cracked and nobody knows"


def quoting(post, words: str, revision: int = 1) -> str:
    lines = "\n".join(f"> {line}" for line in words.split("\n"))
    return f"> [{post.author.name} wrote](/p/{post.pk}/?revision={revision}):\n{lines}"


@pytest.fixture
def adas(topic, ada) -> Post:
    return reply_to(
        topic, ada, f"Listen: *{SECRET}*, says [the founder](https://founder.example/x).\n\nReally."
    )


@pytest.fixture
def quoted_by_ben(topic, ben, adas) -> Post:
    return reply_to(topic, ben, f"Before.\n\n{quoting(adas, f'{SECRET}, says')}\n\nAfter, in my own words.")


@pytest.mark.parametrize(
    "words",
    [
        SECRET,
        "cracked and\nnobody",
        f"**{SECRET}**",
        "the bell […] nobody",
        "the  bell is",
        f"> {SECRET}",
        f"- {SECRET}",
    ],
)
def test_copied_quote_is_attributed_to_and_removed_with_its_source(
    topic, adas, quoted_by_ben, cleo, mia, guest, words
):
    copied = reply_to(topic, cleo, f"{quoting(quoted_by_ben, words)}\n\nOh.")
    row = copied.quotes.get()
    assert (row.quoted_post, row.quoted_revision, row.is_word_for_word) == (adas, 1, True)
    page = guest.get(topic.get_absolute_url()).text
    assert page.count("bell") >= 3
    remove_post(post=adas, by=mia, reason="Secret.")
    page = guest.get(topic.get_absolute_url()).text
    assert "cracked" not in page
    assert "bell is" not in page


def test_own_words_are_attributed_to_the_named_post(topic, quoted_by_ben, cleo):
    row = reply_to(topic, cleo, quoting(quoted_by_ben, "in my own words")).quotes.get()
    assert (row.quoted_post, row.is_word_for_word) == (quoted_by_ben, True)


def test_invented_words_stay_with_named_post_as_not_word_for_word(topic, quoted_by_ben, cleo):
    row = reply_to(topic, cleo, quoting(quoted_by_ben, "in his own words")).quotes.get()
    assert (row.quoted_post, row.is_word_for_word) == (quoted_by_ben, False)


def test_source_is_found_in_earlier_revision(topic, adas, quoted_by_ben, ben, cleo):
    edit_post(post=quoted_by_ben, by=ben, body="Nothing more.", version=1)
    row = reply_to(topic, cleo, quoting(quoted_by_ben, SECRET)).quotes.get()
    assert row.quoted_post == adas


def test_source_is_found_in_edits_and_previews(topic, adas, quoted_by_ben, cleo, sign_in):
    own = reply_to(topic, cleo, "Oh.")
    edit_post(post=own, by=cleo, body=quoting(quoted_by_ben, SECRET), version=1)
    assert own.quotes.get().quoted_post == adas
    fields = {"place": f"reply:{topic.pk}", "body": quoting(quoted_by_ben, SECRET)}
    shown = sign_in(cleo).post("/preview/", fields, headers={"accept": "application/json"}).json()["html"]
    assert "<bdi>ada</bdi> wrote" in shown


@pytest.mark.parametrize("words", [SECRET, "a wrong guess"])
def test_quote_of_hidden_text_does_not_reveal_whether_guess_is_right(
    topic, adas, quoted_by_ben, cleo, mia, sign_in, words
):
    """Nor shown to anybody, where it was copied before."""
    remove_post(post=adas, by=mia, reason="Secret.")
    row = reply_to(topic, cleo, quoting(quoted_by_ben, words)).quotes.get()
    assert row.quoted_post == adas
    page = sign_in(cleo).get(topic.get_absolute_url()).text
    assert "You can’t read the quoted post." in page
    assert words not in page


@pytest.mark.slow
def test_edit_form_hides_copied_words_of_removed_post(topic, adas, quoted_by_ben, cleo, mia, sign_in):
    copied = reply_to(topic, cleo, f"{quoting(quoted_by_ben, SECRET)}\n\nOh.")
    remove_post(post=adas, by=mia, reason="Secret.")
    page = sign_in(cleo).get(f"/p/{copied.pk}/edit/")
    assert "cracked" not in page.text
    typed = page.context["form"]["body"].value()
    assert "You can’t read the quoted post" in typed
    sign_in(cleo).post(f"/p/{copied.pk}/edit/", {"body": f"{typed} Well.", "version": "1"})
    copied.refresh_from_db()
    assert SECRET in copied.body
    assert copied.quotes.get(revision=2).quoted_post == adas
    assert "cracked" not in sign_in(cleo).get(topic.get_absolute_url()).text


@pytest.mark.slow
def test_rerender_keeps_or_corrects_quote_source(topic, adas, quoted_by_ben, cleo, mia):
    copied = reply_to(
        topic, cleo, f"{quoting(quoted_by_ben, SECRET)}\n\n{quoting(quoted_by_ben, 'own words')}"
    )
    remove_post(post=adas, by=mia, reason="Secret.")
    guessed = reply_to(topic, cleo, quoting(quoted_by_ben, "a wrong guess"))
    older = reply_to(topic, cleo, quoting(quoted_by_ben, SECRET))
    Quote.objects.filter(post=older).update(
        quoted_post=quoted_by_ben
    )  # as it was stored before this was checked
    Post.objects.update(renderer=1)
    list(rerender_posts())
    assert [row.quoted_post for row in copied.quotes.order_by("number")] == [adas, quoted_by_ben]
    assert guessed.quotes.get().quoted_post == adas
    assert older.quotes.get().quoted_post == adas


def test_link_is_word_for_word_only_with_the_same_url(topic, adas, cleo):
    def is_word_for_word(words: str) -> bool:
        rendered = render(quoting(adas, words), refers_to=References(cuts_quotes=True))
        return find_quotes(rendered, by=cleo)[0].is_word_for_word

    assert is_word_for_word("[founder](https://founder.example/x)")
    assert is_word_for_word("says [the founder](https://founder.example/x).")
    assert not is_word_for_word("[founder](https://else.example/x)")
    assert not is_word_for_word('[founder](https://founder.example/x "Title")')
    assert not is_word_for_word("[says](https://founder.example/x)")


@pytest.mark.parametrize("is_right", [True, False])
def test_new_member_quoting_links_of_hidden_post_needs_approval(topic, mia, nora, sign_in, is_right):
    room = Section.objects.create(name="Room", slug="room", read_by=Section.Audience.STAFF)
    hidden = start(room, mia, "Secret", "See https://a.example/1 https://a.example/2 https://a.example/3")
    post = hidden.posts.get()
    words = "See https://a.example/1 https://a.example/2 " + (
        "https://a.example/3" if is_right else "https://a.example/4"
    )
    fields = {
        "body": f"{quoting(post, words)}\n\nOh.",
        "submission_key": "0d0c9f5a-0a3b-4a3e-9c43-6bb2d1a4b111",
    }
    sent = sign_in(nora).post(topic.url_for("reply"), fields)
    assert sent.status_code == 302
    assert not Post.objects.filter(author=nora).exists()
    assert only_pending_post().author == nora
    assert only_pending_post().why == "links"
