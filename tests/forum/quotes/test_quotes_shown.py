"""A quote shows what its reader may still see of the quoted post, on every page."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.profile import rename as profile_rename
from forum.access import permissions
from forum.models import Post, Quote, Section, Topic
from forum.post_text.text import preview_html
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
GONE = "You can’t read the quoted post."


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


def read(client, post: Post) -> str:
    """Returns the quoting post on its page."""
    page = client.get(post.topic.get_absolute_url()).text
    return page[page.index(f'id="p{post.pk}"') :]


def shown(client, post: Post) -> str:
    """Returns the quote in it."""
    page = read(client, post)
    return re.sub(r"\s+", " ", page[page.index('<blockquote class="quote') : page.index("</blockquote>")])


def test_who_wrote_it_where_and_the_words(quoting, quoted, elsewhere, guest, sign_in, cleo):
    for client in (guest, sign_in(cleo)):
        said = shown(client, quoting)
        assert f'<a href="/p/{quoted.pk}/"><bdi>ada</bdi> wrote</a>' in said
        assert f'in <a href="{elsewhere.get_absolute_url()}"><bdi>Bells elsewhere</bdi></a>' in said
        assert f"<p>say {TOKEN}</p>" in said
        for mark in ("edited quote", "edited since", "removed", "not visible"):
            assert mark not in said


def test_in_its_own_topic_it_names_no_other(topic, bens, cleo, guest):
    said = shown(guest, reply_to(topic, cleo, quote(bens, "Here too.")))
    assert "<bdi>ben</bdi> wrote</a> </p>" in said


def test_changed_since(quoting, quoted, ada, guest):
    edit_post(post=quoted, by=ada, body="They say nothing.", version=1)
    said = shown(guest, quoting)
    assert f'<a href="/p/{quoted.pk}/history/?from=1&amp;to=2">edited since</a>' in said
    assert TOKEN in said  # a revision that everybody may read contains it
    assert guest.get(f"/p/{quoted.pk}/history/?from=1&to=2").status_code == 200


def test_other_words_are_nobodys(topic, quoted, ben, guest):
    forged = reply_to(topic, ben, quote(quoted, "I am a thief."))
    said = shown(guest, forged)
    assert "</bdi> wrote" not in said
    assert f'<a href="/p/{quoted.pk}/">adapted from <bdi>ada</bdi></a>' in said
    assert "edited quote" in said
    assert "I am a thief." in said


def test_and_they_go_with_the_post_all_the_same(topic, quoted, ben, mia, guest):
    altered = reply_to(topic, ben, quote(quoted, f"They SAY {TOKEN}."))
    remove_post(post=quoted, by=mia, reason="r")
    assert TOKEN not in read(guest, altered)


def test_a_new_name_shows_at_once(quoting, ada, guest):
    shown(guest, quoting)
    profile_rename.rename(by=ada, name="adelheid")
    assert "<bdi>adelheid</bdi> wrote" in shown(guest, quoting)


def test_of_a_removed_post_nothing_is_shown(quoting, quoted, ada, ben, cleo, mia, noor, guest, sign_in):
    remove_post(post=quoted, by=mia, reason="It named somebody.")
    for person in (None, cleo, ben):
        page = read(sign_in(person), quoting)
        assert GONE in page
        assert not re.search(rf"{TOKEN}|ada|Bells elsewhere|/p/{quoted.pk}/", page)
        assert "Ben himself." in page
    for person in (ada, mia, noor):
        said = shown(sign_in(person), quoting)
        assert TOKEN in said
        assert "removed since" in said
    restore_post(post=quoted, by=mia)
    assert TOKEN in shown(guest, quoting)


def test_of_a_post_in_a_hidden_section_neither(topic, ben, cleo, mia, guest, sign_in):
    desk = Section.objects.create(name="Desk", slug="desk", read_by=Section.Audience.STAFF)
    secret = start(desk, mia, title="Hidden title", body=f"The word is {TOKEN}.").posts.get()
    post = reply_to(topic, mia, f"Open.\n\n{quote(secret, TOKEN)}")
    for person in (None, ben, cleo):
        page = read(sign_in(person), post)
        assert GONE in page
        assert not re.search(rf"{TOKEN}|Hidden title|/p/{secret.pk}/", page)
    said = shown(sign_in(mia), post)
    assert TOKEN in said
    assert "not visible to everyone here" in said
    Section.objects.filter(pk=desk.pk).update(read_by="everyone")
    assert TOKEN in shown(guest, post)


def test_a_post_that_never_was_shows_its_words_to_nobody(topic, ben, mia, guest, sign_in):
    post = reply_to(topic, ben, f"> [eve wrote](/p/987654321/?revision=1):\n> {TOKEN}")
    for person in (None, ben, mia):
        page = read(sign_in(person), post)
        assert GONE in page
        assert TOKEN not in page
        assert "eve" not in page


def test_nobody_finds_out_by_quoting_what_a_hidden_post_says(topic, ben, mia, sign_in):
    desk = Section.objects.create(name="Desk", slug="desk", read_by=Section.Audience.STAFF)
    secret = start(desk, mia, body=f"The word is {TOKEN}.").posts.get()
    told = [
        shown(sign_in(ben), reply_to(topic, ben, quote(post, words, name="mia", revision=revision)))
        for post, words, revision in [
            (secret, TOKEN, 1), (secret, "Another guess", 1), (secret, TOKEN, 9), (Post(pk=987654321), TOKEN, 1)
        ]
    ]  # fmt: skip
    assert len(set(told)) == 1
    assert GONE in told[0]


def test_a_draft_that_was_begun_before_the_removal_shows_nothing_either(topic, quoted, ben, mia, guest):
    body = quote(quoted, TOKEN)
    remove_post(post=quoted, by=mia, reason="r")
    post = reply_to(topic, ben, body)
    assert TOKEN not in read(guest, post)
    edited = edit_post(post=post, by=ben, body=f"{body}\n\nMore.", version=1)
    assert TOKEN not in read(guest, edited)


def test_excerpts_hold_no_quote(topic, quoted, quoting, ben, guest):
    assert quoting.excerpt == "Ben himself. And on."
    assert TOKEN not in quoting.html
    assert reply_to(topic, ben, quote(quoted, TOKEN)).excerpt == "…"


def test_what_differs_between_revisions_is_told_without_the_quote(quoting, quoted, ben, mia, guest, sign_in):
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


def test_the_words_are_not_in_what_is_kept(quoting, cleo, mia, sign_in):
    for person in (None, cleo, mia):
        assert TOKEN in sign_in(person).get(quoting.topic.get_absolute_url()).text
    kept = repr([*fragment_cache.fragment_of.cache.values(), *topic_page_render.cached_frame.cache.values()])
    assert "Ben himself." in kept
    assert TOKEN not in kept


def test_a_quote_whose_row_is_missing_shows_nothing(quoting, guest):
    """The control: a quote whose row is missing is hidden, never shown."""
    Quote.objects.all().delete()
    assert GONE in read(guest, quoting)


def queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_all_quotes_of_a_page_cost_one_query(topic, elsewhere, quoted, ada, ben, cleo, mia, sign_in):
    address = topic.get_absolute_url()
    people = (None, cleo, mia)
    before = [queries(sign_in(person), address) for person in people]
    posts = [quoted, *elsewhere.posts.all(), *topic.posts.all()]
    costs = []
    for number in range(3):
        reply_to(topic, ben, "\n\n".join(quote(post, "x") for post in posts * (number + 1)))
        reply_to(start(elsewhere.section, ada), ben, quote(quoted, TOKEN))
        costs.append([queries(sign_in(person), address) for person in people])
    assert costs == [[cost + 1 for cost in before]] * 3
    assert max(costs[0]) <= 6


def test_a_removed_post_shows_its_quotes_to_whoever_may_read_it(
    quoting, quoted, ada, ben, cleo, mia, sign_in
):
    remove_post(post=quoting, by=mia, reason="r")
    address = quoting.topic.get_absolute_url()
    assert f"say {TOKEN}" in read(sign_in(mia), quoting)
    assert TOKEN in read(sign_in(ben), quoting)
    assert TOKEN not in read(sign_in(cleo), quoting)
    remove_post(post=quoted, by=mia, reason="r")
    assert TOKEN not in read(sign_in(ben), quoting)
    assert "Ben himself." in read(sign_in(ben), quoting)
    assert queries(sign_in(mia), address) <= 6


def test_the_list_rule_is_the_sentence(quoting, quoted, ada, ben, cleo, mia, noor):
    remove_post(post=quoted, by=mia, reason="r")
    for person in (ada, ben, cleo, mia, noor):
        may = permissions.can_read_text(person, Post.objects.with_topic().get(pk=quoted.pk))
        assert Quote.objects.visible_to(person).exists() is may
        assert Quote.objects.as_seen_by(person).get().may_read is may
        assert (TOKEN in Quote.objects.as_seen_by(person).get().words) is may


def test_a_preview_is_what_will_be_shown(topic, quoted, elsewhere, bens, cleo, mia, talk):
    hidden = start(Section.objects.create(name="D", slug="d", read_by="staff"), mia, body="Hid.").posts.get()
    body = "\n\n".join(
        [quote(quoted, TOKEN), "Own.", quote(quoted, "Forged."), quote(bens, "Here"), quote(hidden, "Hid.")]
    )
    for person in (cleo, mia):
        preview = preview_html(body, by=person, section=talk, topic=topic)
        post = reply_to(topic, person, body)
        assert quotes_in([revision_key(post)], person).fill(revision_key(post), post.html) == preview
        assert preview.count(GONE) == (person == cleo)
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
def test_who_else_may_read_it(quoted, here, expected):
    assert is_restricted(quoted, here) is expected


def test_an_edit_between_two_looks_mixes_nothing(topic, quoted, ben, guest):
    """A cached page contains placeholders of the revision that it shows."""
    post = reply_to(topic, ben, quote(quoted, TOKEN))
    topic.refresh_from_db()
    fragment = get_fragment(topic.pk, topic.version, 0, 1)
    edit_post(post=post, by=ben, body=quote(quoted, "Other."), version=1)
    quotes = quotes_in(fragment.revisions_with_quotes, ben)
    assert TOKEN in quotes.at(f"{post.pk}.1.0")
    assert "Other." not in quotes.at(f"{post.pk}.1.0")


@pytest.mark.slow
def test_a_long_page_of_quotes_is_quick(topic, quoted, ben, sign_in):
    for _ in range(17):
        reply_to(topic, make_user(f"u{Post.objects.count()}"), "\n\n".join([quote(quoted, TOKEN)] * 30))
    client, address = sign_in(ben), topic.get_absolute_url()
    client.get(address)
    assert client.get(address).text.count(TOKEN) == 17 * 30
    assert seconds(lambda: client.get(address)) < 0.5
