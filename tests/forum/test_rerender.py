"""Render again what an older renderer made."""

import pytest
from django.core.management import call_command

from accounts.models import Epoch
from forum import rerendering, tasks
from forum.editing import edit_post
from forum.models import Post, Section
from forum.rendering import RENDERER_VERSION


@pytest.fixture
def old(original, talk, ada) -> Post:
    """Ada's original post, edited once, as a renderer of long ago left it."""
    edit_post(post=original, by=ada, body="It takes *two* minutes.", version=1)
    Post.objects.filter(pk=original.pk).update(html="<p>old</p>", excerpt="old", renderer=0)
    original.revisions.update(html="<p>old</p>", renderer=0)
    Section.objects.filter(pk=talk.pk).update(description="Looms.", description_html="<p>old</p>")
    return original


@pytest.mark.parametrize("rerender", [lambda: call_command("rerender"), lambda: tasks.rerender(0)])
def test_posts_revisions_and_descriptions(old, talk, rerender):
    before = old.topic.version
    rerender()
    for row in (old, old.topic, talk):
        row.refresh_from_db()
    assert (old.html, old.renderer) == ("<p>It takes <em>two</em> minutes.</p>", RENDERER_VERSION)
    assert old.revisions.get().html == "<p>It takes a minute.</p>"
    assert talk.description_html == "<p>Looms.</p>"
    assert old.topic.version > before
    assert (rerendering.outdated_posts(), rerendering.outdated_revisions()) == (0, 0)


def test_an_edit_that_comes_between_stands(old, ada, monkeypatch):
    rendered = rerendering.render

    def edited_meanwhile(body: str, **named):
        monkeypatch.setattr(rerendering, "render", rendered)
        edit_post(post=old, by=ada, body="Three.", version=2)
        return rendered(body, **named)

    monkeypatch.setattr(rerendering, "render", edited_meanwhile)
    list(rerendering.rerender_posts())
    old.refresh_from_db()
    assert (old.body, old.html) == ("Three.", "<p>Three.</p>")


def test_pages_that_show_an_older_revision_are_made_anew(old):
    list(rerendering.rerender_posts())
    before = Epoch.objects.first()
    list(rerendering.rerender_revisions())
    assert Epoch.objects.get().number > (before.number if before else 0)
