"""Rendering again what an older renderer rendered."""

import pytest
from django.core.management import call_command

from accounts.models import SiteVersion
from core.text import RENDERER_VERSION
from core.text.quotes import OMITTED
from forum import tasks
from forum.models import Post, Quote, Section
from forum.posts import rerender as posts_rerender
from forum.posts.edit import edit_post
from moderation.posts.remove import remove_post
from tests.conftest import reply_to
from tests.forum.quotes.test_quote import quote


@pytest.fixture
def outdated_post(original, talk, ada) -> Post:
    """Ada's original post, edited once, as an old renderer left it."""
    edit_post(post=original, by=ada, body="It takes *two* minutes.", version=1)
    Post.objects.filter(pk=original.pk).update(html="<p>old</p>", excerpt="outdated_post", renderer=0)
    original.revisions.update(html="<p>old</p>", renderer=0)
    Section.objects.filter(pk=talk.pk).update(description="Looms.", description_html="<p>old</p>")
    return original


@pytest.mark.parametrize("rerender", [lambda: call_command("rerender"), lambda: tasks.rerender(0)])
def test_rerender_updates_posts_revisions_and_descriptions(outdated_post, talk, rerender):
    before = outdated_post.topic.version
    rerender()
    for row in (outdated_post, outdated_post.topic, talk):
        row.refresh_from_db()
    assert (outdated_post.html, outdated_post.renderer) == (
        "<p>It takes <em>two</em> minutes.</p>",
        RENDERER_VERSION,
    )
    assert outdated_post.revisions.get().html == "<p>It takes a minute.</p>"
    assert talk.description_html == "<p>Looms.</p>"
    assert outdated_post.topic.version > before
    assert (posts_rerender.outdated_posts(), posts_rerender.outdated_revisions()) == (0, 0)


def test_rerender_keeps_concurrent_edit(outdated_post, ada, monkeypatch):
    rendered = posts_rerender.rerender

    def rerender_after_edit(post: Post, body: str, **named):
        monkeypatch.setattr(posts_rerender, "rerender", rendered)
        edit_post(post=outdated_post, by=ada, body="Three.", version=2)
        return rendered(post, body, **named)

    monkeypatch.setattr(posts_rerender, "rerender", rerender_after_edit)
    list(posts_rerender.rerender_posts())
    outdated_post.refresh_from_db()
    assert (outdated_post.body, outdated_post.html) == ("Three.", "<p>Three.</p>")


def test_rerendered_revisions_invalidate_cached_pages(outdated_post):
    list(posts_rerender.rerender_posts())
    before = SiteVersion.objects.first()
    list(posts_rerender.rerender_revisions())
    assert SiteVersion.objects.get().number > (before.number if before else 0)


FORMERLY_CUT_PREFIXES = [  # what an older renderer took for quotes, below these
    "a | b\n--|--\n```c | d\n\n",
    "a | b\n--|--\n~~~c | d\n",
    "```\ncode\n\t```\n",
    "~~~\ncode\n    ~~~\n",
    "```\n",
]


@pytest.mark.slow
@pytest.mark.parametrize("above", FORMERLY_CUT_PREFIXES)
def test_rerender_never_exposes_text_of_removed_quote(
    above, topic, original, bens, ben, cleo, mia, guest, sign_in
):
    """A quote was removed with its quoted post; an upgrade of Belfry must not publish it."""
    again = quote(original, "It takes a minute.")
    body = f"{again}\n\n{above}> [ada wrote](/p/{bens.pk}/?revision=1):\n> > \n> Xylophone"
    post = reply_to(topic, cleo, body)
    lines = body.count("\n") + 1
    Quote.objects.create(
        post=post, revision=1, number=1, begins=lines - 3, ends=lines, quoted_post=bens, quoted_revision=1,
        is_word_for_word=False, html="<p>Xylophone</p>",
    )  # fmt: skip
    edit_post(post=post, by=cleo, body="Nothing.", version=1)
    edit_post(post=post, by=cleo, body=body, version=2)
    row = post.quotes.get(revision=1, number=1)
    row.pk, row.revision = None, 3
    row.save()
    remove_post(post=bens, by=mia, reason="r")
    for _ in range(2):  # and the next upgrade does not either
        Post.objects.update(renderer=0)
        post.revisions.update(renderer=0)
        call_command("rerender")
    for client in (guest, sign_in(cleo)):
        pages = [topic.get_absolute_url(), f"/p/{post.pk}/history/?from=1&to=2", f"/p/{post.pk}/edit/"]
        pages += [f"/p/{post.pk}/history/?from=2&to=3", f"{topic.url_for('reply')}?quote={post.pk}"]
        for page in pages:
            assert "Xylophone" not in client.get(page, follow=True).text, page
    shown = guest.get(topic.get_absolute_url()).text
    assert OMITTED in shown
    assert shown.count("It takes a minute.") >= 2  # the other quote is unchanged
    post.refresh_from_db()
    assert post.body == body
