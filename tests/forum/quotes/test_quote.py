"""Quoting a post in a reply: what is offered, what is stored with the words, and whose words they are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forum.models import Quote, Section, SectionGrant
from forum.posts.edit import edit_post
from forum.quotes.create import QUOTE_MAX, find_quotes, quote_of
from moderation.posts.remove import remove_post
from moderation.topics.close import close_topic
from tests.conftest import offers, reply_to, start
from tests.support.costs import seconds

pytestmark = pytest.mark.django_db


def quote(post, words: str, *, name: str = "", revision: int = 1) -> str:
    lines = "\n".join(f"> {line}" for line in words.split("\n"))
    return f"> [{name or post.author.name} wrote](/p/{post.pk}/?revision={revision}):\n{lines}"


def area(page) -> str:
    return page.context["form"]["body"].value()


def test_quote_action_redirects_to_reply_form_with_quote(topic, bens, cleo, sign_in):
    client = sign_in(cleo)
    assert f'href="/p/{bens.pk}/quote/" data-act="quote"' in client.get(topic.get_absolute_url()).text
    page = client.get(f"/p/{bens.pk}/quote/", follow=True)
    assert page.redirect_chain == [(f"{topic.url_for('reply')}?quote={bens.pk}", 302)]
    assert area(page) == f"{quote(bens, 'Here too.')}\n\n"


def test_several_posts_are_quoted_in_one_reply(topic, original, bens, cleo, sign_in):
    page = sign_in(cleo).get(f"{topic.url_for('reply')}?quote={bens.pk}&quote={original.pk}&quote={bens.pk}")
    assert area(page) == f"{quote(bens, 'Here too.')}\n\n{quote(original, 'It takes a minute.')}\n\n"


def test_reply_form_with_quote_offers_more_posts_to_quote(topic, original, bens, cleo, sign_in):
    client = sign_in(cleo)
    page = client.get(f"{topic.url_for('reply')}?quote={bens.pk}").text
    assert f'<input type="hidden" name="quote" value="{bens.pk}">' in page
    assert f'<input type="checkbox" name="quote" value="{original.pk}">' in page
    assert 'name="quote"' not in client.get(topic.url_for("reply")).text


@pytest.mark.parametrize("given", ["x", "", "-1", "0", "9" * 30, "²", "999999999"])
def test_invalid_quote_ids_are_ignored(topic, bens, cleo, sign_in, given):
    page = sign_in(cleo).get(topic.url_for("reply"), {"quote": [given, bens.pk]})
    assert area(page) == f"{quote(bens, 'Here too.')}\n\n"


def test_rejected_reply_does_not_insert_quote_again(topic, bens, cleo, sign_in):
    page = sign_in(cleo).post(
        f"{topic.url_for('reply')}?quote={bens.pk}", {"body": " ", "submission_key": "x"}
    )
    assert page.status_code == 422
    assert "Here too" not in area(page)


def test_quote_action_requires_permission_to_reply(topic, bens, talk, ada, cleo, mia, guest, sign_in):
    address = topic.get_absolute_url()
    assert not offers(guest.get(address), "quote")
    assert offers(sign_in(cleo).get(address), "quote")
    close_topic(topic=topic, by=mia, reason="Done.")
    assert not offers(sign_in(cleo).get(address), "quote")


def test_quote_action_is_shown_only_to_members_of_replying_groups(topic, talk, ada, ben, cleo, sign_in):
    from accounts.models import Group

    ringers = Group.objects.create(name="Ringers")
    ringers.members.add(cleo)
    SectionGrant.objects.create(section=talk, group=ringers, act=SectionGrant.Act.REPLY)
    Section.objects.update(reply_by=Section.Audience.GROUPS)
    topic.change()
    from tests.conftest import make_user

    dora = make_user("dora")
    for person, may in ((dora, False), (cleo, True), (dora, False)):
        assert offers(sign_in(person).get(topic.get_absolute_url()), "quote") is may


def test_removed_or_hidden_post_is_not_quoted(topic, bens, ben, cleo, mia, sign_in):
    secret = start(Section.objects.create(name="Desk", slug="desk", read_by="staff"), mia, body="A secret.")
    remove_post(post=bens, by=mia, reason="r")
    hidden = secret.posts.get()
    for person in (ben, cleo):
        page = sign_in(person).get(topic.url_for("reply"), {"quote": [bens.pk, hidden.pk]})
        assert area(page) == ""
    assert "A secret." in area(sign_in(mia).get(topic.url_for("reply"), {"quote": [hidden.pk]}))


def test_quote_rows_store_source_post_revision_and_lines(topic, original, bens, cleo):
    post = reply_to(topic, cleo, f"{quote(original, 'a minute')}\n\nNo.\n\n{quote(bens, 'Here too.')}")
    rows = post.quotes.order_by("number").values_list(
        "revision", "number", "quoted_post", "quoted_revision", "is_word_for_word", "begins", "ends"
    )
    assert list(rows) == [(1, 0, original.pk, 1, True, 0, 2), (1, 1, bens.pk, 1, True, 5, 7)]
    assert start(topic.section, cleo, body=quote(bens, "too")).posts.get().quotes.get().quoted_post == bens


def test_edit_keeps_quote_rows_of_earlier_revisions(topic, original, bens, cleo):
    post = reply_to(topic, cleo, quote(original, "a minute"))
    edit_post(post=post, by=cleo, body=f"{quote(bens, 'Here')}\n\n{quote(bens, 'too.')}", version=1)
    rows = post.quotes.order_by("revision", "number").values_list("revision", "number", "quoted_post")
    assert list(rows) == [(1, 0, original.pk), (2, 0, bens.pk), (2, 1, bens.pk)]


def test_rerender_recreates_identical_quote_rows(topic, original, bens, cleo):
    from django.core.management import call_command

    from forum.models import Post, Revision

    post = reply_to(topic, cleo, quote(original, "a minute"))
    edit_post(post=post, by=cleo, body=f"{quote(bens, 'Here')} @ben", version=1)

    def rows():
        return list(Quote.objects.order_by("revision").values("revision", "number", "quoted_post", "html"))

    before = rows()
    Post.objects.update(renderer=1)
    Revision.objects.update(renderer=1)
    Quote.objects.update(html="old")
    call_command("rerender")
    assert rows() == before
    assert len(before) == 2


@pytest.mark.parametrize(
    ("given", "quoted", "is_exact"),
    [
        ("It takes *a minute*, `really` long.", "It takes *a minute*, `really` long.", True),
        ("It takes *a minute*, `really` long.", "takes a minute, really", True),
        ("One.\n\nTwo,\nthree.", "Two, three.", True),
        ("One. Two. Three.", "One. […] Three.", True),
        ("One. Two. Three.", "[...] Two […]", True),
        ("- one\n- two", "one\ntwo", True),
        ("See [here](https://a.example/b?c&d 'e').", "See [here](https://a.example/b?c&d 'e').", True),
        ("See [here](https://a.example/).", "See here.", True),
        ("See https://a.example/b_c?d&e, www.f.example.", "See https://a.example/b_c?d&e, www.f.example.", True),
        ("&copy; <b> & 5 > 3", "&copy; <b> & 5 > 3", True),
        ("```\nx  =  1\n```", "```\nx  =  1\n```", True),
        ("Grüße, 鐘楼 👩\u200d👧", "Grüße, 鐘楼 👩\u200d👧", True),
        ("@ada knows.", "@ada knows.", True),
        ("It takes a minute.", "It takes an hour.", False),
        ("It takes a minute.", "it takes a minute.", False),
        ("It takes a minute?", "It takes a minute.", False),
        ("One. Two. Three.", "Three. […] One.", False),
        ("I am not angry.", "I am angry.", False),
        ("See [here](https://a.example/).", "See [here](https://evil.example/).", False),
        ("See here.", "See [here](https://evil.example/).", False),
        ("[a](/b) [c](/d)", "[a](/d) [c](/b)", False),
        ("See [here](/a 'good').", "See [here](/a 'bad').", False),
    ],
)  # fmt: skip
def test_quote_is_word_for_word_only_if_source_contains_it(topic, ada, cleo, given, quoted, is_exact):
    post = reply_to(topic, ada, given)
    assert reply_to(topic, cleo, quote(post, quoted)).quotes.get().is_word_for_word is is_exact


def test_word_for_word_check_uses_the_quoted_revision(topic, original, ada, cleo):
    edit_post(post=original, by=ada, body="It takes an hour.", version=1)
    exact = [
        reply_to(topic, cleo, quote(original, words, revision=revision)).quotes.get().is_word_for_word
        for words, revision in [
            ("a minute", 1), ("an hour", 2), ("a minute", 2), ("an hour", 1), ("a minute", 3), ("a minute", 0)
        ]
    ]  # fmt: skip
    assert exact == [True, True, False, False, False, False]


def test_nested_quoted_words_are_attributed_to_their_original_post(topic, bens, ada, cleo):
    quoting_post = reply_to(topic, ada, f"{quote(bens, 'Here too.')}\n\nReally?")
    assert reply_to(topic, cleo, quote(quoting_post, "Really?")).quotes.get().is_word_for_word is True
    nested_quote = reply_to(topic, cleo, quote(quoting_post, "Here too.")).quotes.get()
    assert (nested_quote.quoted_post, nested_quote.is_word_for_word) == (bens, True)


LONG_BODIES = [
    "Word " * 600,
    "One sentence of it. " * 150,
    "One line of it.\n" * 150,
    "A paragraph.\n\n" * 150,
    f"{'Before. ' * 140}**{'strong words ' * 40}** after",
    f"Before.\n\n```\n{'code()' * 300}\n```",
    f"{'a' * 3000}",
    f"[{'words ' * 300}](https://a.example/)",
    "- an item *of it*\n" * 150,
    "| a | b |\n|---|---|\n" + "| c | d |\n" * 200,
]


@pytest.mark.parametrize("body", LONG_BODIES, ids=lambda body: body[:12])
def test_quote_of_long_post_is_truncated(topic, ada, cleo, body):
    post = reply_to(topic, ada, body.rstrip())
    typed = quote_of(post)
    assert len(typed) < QUOTE_MAX * 2
    assert "[…]" in typed
    row = reply_to(topic, cleo, typed).quotes.get()
    assert row.is_word_for_word or body.startswith("[words")


@pytest.mark.parametrize(
    ("body", "typed"),
    [
        ("One.\n\nTwo.", "> One.\n>\n> Two."),
        ("> a\n\nOne.", "> One."),
        ("One.\n> a\n\n> b\n\nTwo.", "> One.\n>\n> […]\n>\n> Two."),
        ("One.\n\n> a", "> One."),
        ("```\n> no quotation\n\n\nx\n```", "> ```\n> > no quotation\n>\n>\n> x\n> ```"),
        ("[eve wrote](/p/1/?revision=1):\nx", "> \\[eve wrote](/p/1/?revision=1):\n> x"),
        ("> a", ""),
    ],
)  # fmt: skip
def test_quote_leaves_out_quotations_in_the_source(topic, ada, cleo, body, typed):
    post = reply_to(topic, ada, body)
    assert quote_of(post) == f"> [ada wrote](/p/{post.pk}/?revision=1):\n{typed}".rstrip()
    (row,) = reply_to(topic, cleo, quote_of(post)).quotes.all()
    assert row.is_word_for_word or "eve" in body


def test_quote_lookup_needs_a_constant_number_of_queries(topic, bens, cleo):
    def count_queries(body: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            reply_to(topic, cleo, body)
        return len(captured)

    count_queries("What is asked once a process is asked now.")
    assert count_queries("None.") == count_queries("> a plain one") == count_queries(quote(bens, "Here")) - 2
    # Words that a post does not contain are searched in what it quotes, however many quotes there are.
    last = reply_to(topic, cleo, quote(bens, "Here"))
    many = "\n\n".join(quote(post, "x") for post in topic.posts.all())
    assert count_queries(many) == count_queries(quote(last, "x")) == count_queries(quote(bens, "Here")) + 3


@pytest.mark.slow
def test_lookup_of_thirty_long_quotes_is_fast(topic, ada):
    """The longest texts that can be quoted, as often as possible: the most work that a writer can cause."""
    from core.text import render
    from core.text.references import References
    from forum.models import Post

    posts = [reply_to(topic, ada, "Word, *by* word. " * 1880) for _ in range(10)]
    assert all(len(post.body) > 31_000 for post in posts)
    text = "\n\n".join(quote(post, "word " * 100 + "[…] word") for post in posts * 3)
    rendered = render(text, refers_to=References(cuts_quotes=True))
    found = []
    assert seconds(lambda: found.extend(find_quotes(rendered, by=None))) < 1.0
    assert len(found) == 30
    assert Post.objects.count() > 10
