"""A quote shows what its reader may still see of the quoted post, on every page."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.profile import rename as profile_rename
from forum.access import permissions
from forum.models import Post, Quote, Section, Topic
from forum.post_text.prepare import preview_html
from forum.posts.edit import edit_post
from forum.quotes.display import is_restricted, quotes_in, revision_key
from forum.topic_page import fragment_cache, render as topic_page_render
from forum.topic_page.fragment_cache import get_fragment
from moderation.posts.remove import remove_post, restore_post
from tests.conftest import make_user, reply_to, start
from tests.forum.quotes.test_quote import quote
from tests.support.costs import seconds

pytestmark = pytest.mark.django_db

TOKEN = "Xylophone4711"
UNREADABLE_NOTICE = "You can’t read the quoted post."


@pytest.fixture
def elsewhere(talk, ada) -> Topic:
    return start(talk, ada, title="Bells elsewhere", body="Nothing.")


@pytest.fixture
def quoted(elsewhere, ada) -> Post:
    """Ada's post, in another topic."""
    return reply_to(elsewhere, ada, f"They say {TOKEN}.")


@pytest.fixture
def quoting(topic, quoted, ben) -> Post:
    """Ben's post, which quotes it."""
    return reply_to(topic, ben, f"Ben himself.\n\n{quote(quoted, f'say {TOKEN}')}\n\nAnd on.")


def page_from_post(client, post: Post) -> str:
    """Returns the quoting post on its page."""
    page = client.get(post.topic.get_absolute_url()).text
    return page[page.index(f'id="p{post.pk}"') :]


def quote_on_page(client, post: Post) -> str:
    """Returns the quote in it."""
    page = page_from_post(client, post)
    return re.sub(r"\s+", " ", page[page.index('<blockquote class="quote') : page.index("</blockquote>")])


def test_quote_shows_author_topic_and_text(quoting, quoted, elsewhere, guest, sign_in, cleo):
    for client in (guest, sign_in(cleo)):
        quote_html = quote_on_page(client, quoting)
        assert f'<a href="/p/{quoted.pk}/"><bdi>ada</bdi> wrote</a>' in quote_html
        assert f'in <a href="{elsewhere.get_absolute_url()}"><bdi>Bells elsewhere</bdi></a>' in quote_html
        assert f"<p>say {TOKEN}</p>" in quote_html
        for mark in ("edited quote", "edited since", "removed", "not visible"):
            assert mark not in quote_html


def test_quote_within_same_topic_shows_no_topic_link(topic, bens, cleo, guest):
    quote_html = quote_on_page(guest, reply_to(topic, cleo, quote(bens, "Here too.")))
    assert "<bdi>ben</bdi> wrote</a> </p>" in quote_html


def test_quote_of_edited_post_links_to_history(quoting, quoted, ada, guest):
    edit_post(post=quoted, by=ada, body="They say nothing.", version=1)
    quote_html = quote_on_page(guest, quoting)
    assert f'<a href="/p/{quoted.pk}/history/?from=1&amp;to=2">edited since</a>' in quote_html
    assert TOKEN in quote_html  # a revision that everybody may read contains it
    assert guest.get(f"/p/{quoted.pk}/history/?from=1&to=2").status_code == 200


def test_altered_quote_is_shown_as_adapted(topic, quoted, ben, guest):
    forged = reply_to(topic, ben, quote(quoted, "I am a thief."))
    quote_html = quote_on_page(guest, forged)
    assert "</bdi> wrote" not in quote_html
    assert f'<a href="/p/{quoted.pk}/">adapted from <bdi>ada</bdi></a>' in quote_html
    assert "edited quote" in quote_html
    assert "I am a thief." in quote_html


def test_altered_quote_is_hidden_when_post_is_removed(topic, quoted, ben, mia, guest):
    altered = reply_to(topic, ben, quote(quoted, f"They SAY {TOKEN}."))
    remove_post(post=quoted, by=mia, reason="r")
    assert TOKEN not in page_from_post(guest, altered)


def test_quote_shows_new_name_of_author_at_once(quoting, ada, guest):
    quote_on_page(guest, quoting)
    profile_rename.rename(by=ada, name="adelheid")
    assert "<bdi>adelheid</bdi> wrote" in quote_on_page(guest, quoting)


@pytest.mark.slow
def test_quote_of_removed_post_is_hidden_except_from_author_and_staff(
    quoting, quoted, ada, ben, cleo, mia, noor, guest, sign_in
):
    remove_post(post=quoted, by=mia, reason="It named somebody.")
    for person in (None, cleo, ben):
        page = page_from_post(sign_in(person), quoting)
        assert UNREADABLE_NOTICE in page
        assert not re.search(rf"{TOKEN}|ada|Bells elsewhere|/p/{quoted.pk}/", page)
        assert "Ben himself." in page
    for person in (ada, mia, noor):
        quote_html = quote_on_page(sign_in(person), quoting)
        assert TOKEN in quote_html
        assert "removed since" in quote_html
    restore_post(post=quoted, by=mia)
    assert TOKEN in quote_on_page(guest, quoting)


def test_quote_from_hidden_section_is_shown_to_its_readers_only(topic, ben, cleo, mia, guest, sign_in):
    desk = Section.objects.create(name="Desk", slug="desk", read_by=Section.Audience.STAFF)
    secret = start(desk, mia, title="Hidden title", body=f"The word is {TOKEN}.").posts.get()
    post = reply_to(topic, mia, f"Open.\n\n{quote(secret, TOKEN)}")
    for person in (None, ben, cleo):
        page = page_from_post(sign_in(person), post)
        assert UNREADABLE_NOTICE in page
        assert not re.search(rf"{TOKEN}|Hidden title|/p/{secret.pk}/", page)
    quote_html = quote_on_page(sign_in(mia), post)
    assert TOKEN in quote_html
    assert "not visible to everyone here" in quote_html
    Section.objects.filter(pk=desk.pk).update(read_by="everyone")
    assert TOKEN in quote_on_page(guest, post)


def test_quote_of_nonexistent_post_is_hidden_from_everyone(topic, ben, mia, guest, sign_in):
    post = reply_to(topic, ben, f"> [eve wrote](/p/987654321/?revision=1):\n> {TOKEN}")
    for person in (None, ben, mia):
        page = page_from_post(sign_in(person), post)
        assert UNREADABLE_NOTICE in page
        assert TOKEN not in page
        assert "eve" not in page


@pytest.mark.slow
def test_guessed_quotes_of_hidden_post_all_look_the_same(topic, ben, mia, sign_in):
    desk = Section.objects.create(name="Desk", slug="desk", read_by=Section.Audience.STAFF)
    secret = start(desk, mia, body=f"The word is {TOKEN}.").posts.get()
    quotes_shown = [
        quote_on_page(sign_in(ben), reply_to(topic, ben, quote(post, words, name="mia", revision=revision)))
        for post, words, revision in [
            (secret, TOKEN, 1), (secret, "Another guess", 1), (secret, TOKEN, 9), (Post(pk=987654321), TOKEN, 1)
        ]
    ]  # fmt: skip
    assert len(set(quotes_shown)) == 1
    assert UNREADABLE_NOTICE in quotes_shown[0]


def test_quote_posted_after_source_was_removed_is_hidden(topic, quoted, ben, mia, guest):
    body = quote(quoted, TOKEN)
    remove_post(post=quoted, by=mia, reason="r")
    post = reply_to(topic, ben, body)
    assert TOKEN not in page_from_post(guest, post)
    edited = edit_post(post=post, by=ben, body=f"{body}\n\nMore.", version=1)
    assert TOKEN not in page_from_post(guest, edited)


def test_excerpt_and_stored_html_contain_no_quote_text(topic, quoted, quoting, ben, guest):
    assert quoting.excerpt == "Ben himself. And on."
    assert TOKEN not in quoting.html
    assert reply_to(topic, ben, quote(quoted, TOKEN)).excerpt == "…"


def test_history_diff_hides_quote_of_removed_post(quoting, quoted, ben, mia, guest, sign_in):
    edit_post(post=quoting, by=ben, body=quoting.body.replace("And on.", "And off."), version=1)
    address = f"/p/{quoting.pk}/history/"
    assert TOKEN in guest.get(address).text
    remove_post(post=quoted, by=mia, reason="r")
    page = guest.get(address).text
    diff = page[page.index('<div class="diff">') :]
    assert "Ben himself." in diff
    assert "off</ins>" in diff
    assert "(You can’t read the quoted post.)" in diff
    assert TOKEN in sign_in(mia).get(address).text


def test_cached_fragments_contain_no_quote_text(quoting, cleo, mia, sign_in):
    for person in (None, cleo, mia):
        assert TOKEN in sign_in(person).get(quoting.topic.get_absolute_url()).text
    cached = repr(
        [*fragment_cache.fragment_of.cache.values(), *topic_page_render.cached_frame.cache.values()]
    )
    assert "Ben himself." in cached
    assert TOKEN not in cached


def test_quote_without_database_row_is_hidden(quoting, guest):
    """The control: a quote whose row is missing is hidden, never shown."""
    Quote.objects.all().delete()
    assert UNREADABLE_NOTICE in page_from_post(guest, quoting)


def count_queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.slow
def test_all_quotes_on_a_page_cost_one_query(topic, elsewhere, quoted, ada, ben, cleo, mia, sign_in):
    address = topic.get_absolute_url()
    people = (None, cleo, mia)
    before = [count_queries(sign_in(person), address) for person in people]
    posts = [quoted, *elsewhere.posts.all(), *topic.posts.all()]
    costs = []
    for number in range(3):
        reply_to(topic, ben, "\n\n".join(quote(post, "x") for post in posts * (number + 1)))
        reply_to(start(elsewhere.section, ada), ben, quote(quoted, TOKEN))
        costs.append([count_queries(sign_in(person), address) for person in people])
    assert costs == [[cost + 1 for cost in before]] * 3
    assert max(costs[0]) <= 6


@pytest.mark.slow
def test_quotes_in_removed_post_are_shown_to_its_readers_only(quoting, quoted, ada, ben, cleo, mia, sign_in):
    remove_post(post=quoting, by=mia, reason="r")
    address = quoting.topic.get_absolute_url()
    assert f"say {TOKEN}" in page_from_post(sign_in(mia), quoting)
    assert TOKEN in page_from_post(sign_in(ben), quoting)
    assert TOKEN not in page_from_post(sign_in(cleo), quoting)
    remove_post(post=quoted, by=mia, reason="r")
    assert TOKEN not in page_from_post(sign_in(ben), quoting)
    assert "Ben himself." in page_from_post(sign_in(ben), quoting)
    assert count_queries(sign_in(mia), address) <= 6


def test_quote_queryset_rule_matches_can_read_text(quoting, quoted, ada, ben, cleo, mia, noor):
    remove_post(post=quoted, by=mia, reason="r")
    for person in (ada, ben, cleo, mia, noor):
        may = permissions.can_read_text(person, Post.objects.with_topic().get(pk=quoted.pk))
        assert Quote.objects.visible_to(person).exists() is may
        assert Quote.objects.as_seen_by(person).get().may_read is may
        assert (TOKEN in Quote.objects.as_seen_by(person).get().words) is may


def test_preview_matches_the_posted_quotes(topic, quoted, elsewhere, bens, cleo, mia, talk):
    hidden = start(Section.objects.create(name="D", slug="d", read_by="staff"), mia, body="Hid.").posts.get()
    body = "\n\n".join(
        [quote(quoted, TOKEN), "Own.", quote(quoted, "Forged."), quote(bens, "Here"), quote(hidden, "Hid.")]
    )
    for person in (cleo, mia):
        preview = preview_html(body, by=person, section=talk, topic=topic)
        post = reply_to(topic, person, body)
        assert quotes_in([revision_key(post)], person).fill(revision_key(post), post.html) == preview
        assert preview.count(UNREADABLE_NOTICE) == (person == cleo)
        assert preview.count("not visible to everyone here") == (person == mia)


@pytest.mark.parametrize(
    ("quoted", "here", "expected"),
    [
        ((1, "everyone"), (2, "everyone"), False),
        ((1, "staff"), (1, "staff"), False),
        ((1, "members"), (2, "everyone"), True),
        ((1, "members"), (2, "groups"), False),
        ((1, "groups"), (2, "groups"), True),
        ((1, "groups"), (2, "members"), True),
        ((1, "staff"), (2, "groups"), True),
        ((1, "staff"), (2, "staff"), False),
        ((1, "groups"), (2, "staff"), False),
    ],
)
def test_is_restricted_compares_readers_of_both_sections(quoted, here, expected):
    assert is_restricted(quoted, here) is expected


def test_cached_fragment_shows_quotes_of_its_own_revision(topic, quoted, ben, guest):
    """A cached page contains placeholders of the revision that it shows."""
    post = reply_to(topic, ben, quote(quoted, TOKEN))
    topic.refresh_from_db()
    fragment = get_fragment(topic.pk, topic.version, 0, 1)
    edit_post(post=post, by=ben, body=quote(quoted, "Other."), version=1)
    quotes = quotes_in(fragment.revisions_with_quotes, ben)
    assert TOKEN in quotes.at(f"{post.pk}.1.0")
    assert "Other." not in quotes.at(f"{post.pk}.1.0")


@pytest.mark.slow
def test_page_with_many_quotes_renders_within_half_a_second(topic, quoted, ben, sign_in):
    for _ in range(17):
        reply_to(topic, make_user(f"u{Post.objects.count()}"), "\n\n".join([quote(quoted, TOKEN)] * 30))
    client, address = sign_in(ben), topic.get_absolute_url()
    client.get(address)
    assert client.get(address).text.count(TOKEN) == 17 * 30
    assert seconds(lambda: client.get(address)) < 0.5
