"""Render texts again after an upgrade of the renderer that changes how they look, or that fixes a vulnerability.

Pages never parse, so they show the old rendering until this is done. It runs in batches, newest posts first, and can be
stopped and started at any time: texts with an older version are still to do.
"""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import SiteVersion, User
from core.text import RENDERER_VERSION, Rendered, Source, render
from forum.attachments.links import keys_in
from forum.mentions.mentions import update_mentions
from forum.models import Highlight, Post, Revision, Section, StaffReply, Topic
from forum.post_text.prepare import references_in, rendered_columns
from forum.quotes.create import rerender, save_rerendered_quotes
from forum.search_index.store import index_again

BATCH = 200


def outdated_posts() -> int:
    return Post.objects.filter(renderer__lt=RENDERER_VERSION).count()


def outdated_revisions() -> int:
    return Revision.objects.filter(renderer__lt=RENDERER_VERSION).count()


def rerender_posts() -> Iterator[int]:
    """Yields the size of each batch."""
    while ids := list(
        Post.objects.filter(renderer__lt=RENDERER_VERSION)
        .order_by("-pk")
        .values_list("pk", flat=True)[:BATCH]
    ):
        for pk in ids:
            _rerender_post(pk)
        yield len(ids)


def rerender_revisions() -> Iterator[int]:
    while batch := list(_outdated_revisions().order_by("-pk")[:BATCH]):
        with transaction.atomic():
            for revision in batch:
                _rerender_revision(revision)
        yield len(batch)
    SiteVersion.objects.grow()  # histories and the feed of highlights show revisions


def _rerender_revision(revision: Revision) -> None:
    post = revision.post
    rendered = _rerendered(post, revision.body, revision.number)
    revision.html, revision.renderer = rendered.html, RENDERER_VERSION
    revision.save(update_fields=["html", "renderer"])
    save_rerendered_quotes(post, rendered, revision=revision.number)


def _outdated_revisions() -> QuerySet[Revision]:
    outdated = Revision.objects.filter(renderer__lt=RENDERER_VERSION)
    return outdated.select_related("post__author", "post__topic__section")


def rerender_descriptions() -> int:
    """Renders descriptions of sections, staff notes and bios: few enough to do all of them every time."""
    count = 0
    for section in Section.objects.exclude(description=""):
        Section.objects.filter(pk=section.pk, description=section.description).update(
            description_html=render(section.description).html
        )
        count += 1
    for reply in StaffReply.objects.filter(renderer__lt=RENDERER_VERSION).only("pk", "body").iterator():
        StaffReply.objects.filter(pk=reply.pk).update(html=render(reply.body).html, renderer=RENDERER_VERSION)
        count += 1
    for user in User.objects.exclude(about="").only("pk", "about").iterator():
        User.objects.filter(pk=user.pk, about=user.about).update(about_html=render(user.about).html)
        count += 1
    SiteVersion.objects.grow()
    return count


def _rerender_post(pk: int) -> None:
    """An edit made in the meantime is not overwritten: it was rendered when it was written."""
    post = Post.objects.select_related("author", "topic__section").get(pk=pk)
    # Before the lock: replies wait for the row, never for the renderer.
    rendered = _rerendered(post, post.body, post.version)
    with transaction.atomic():
        topic = Topic.objects.locked(post.topic_id)
        unchanged = Post.objects.filter(pk=pk, topic=topic.pk, version=post.version)
        if unchanged.update(**rendered_columns(rendered)):
            index_again([pk])
            update_mentions(post, rendered)
            save_rerendered_quotes(post, rendered, revision=post.version)
            Highlight.objects.filter(post=pk, revision=post.version).update(excerpt=rendered.excerpt)
            topic.change(takes_back=True)  # the new rendering may fix a vulnerability


def _rerendered(post: Post, body: str, revision: int) -> Rendered:
    source, section = Source(body), post.topic.section
    references = references_in(source, keys_in(body), by=post.author, section=section, post=post)
    return rerender(post, source, revision=revision, references=references)
