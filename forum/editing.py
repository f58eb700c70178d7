"""Change a post or a title, and keep what was said before."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import rates
from accounts.models import User
from accounts.record import record
from forum import permissions
from forum.mentioning import keep_mentions
from forum.models import Highlight, Post, Revision, TitleChange, Topic
from forum.quoting import keep_quotes, look_up
from forum.referring import references_in
from forum.refusals import EditConflict, TitleConflict, refused
from forum.rendering import RENDERER_VERSION, render


def edit_post(
    *, post: Post, by: User, body: str, version: int, reason: str = "", at: datetime | None = None
) -> Post:
    """Make `body` the post's newest revision. `version` is the one the writer started from: if the post has moved on
    since, nothing is written and EditConflict carries what it says now. An edit that changes nothing is none."""
    rendered = render(body, refers_to=references_in(body, by=post.author, section=post.topic.section))
    quotes = look_up(rendered)
    at = at or timezone.now()
    with transaction.atomic():
        topic = Topic.objects.locked(post.topic_id)
        post = Post.objects.locked(post.pk)
        require_may_edit(by, post)
        if body == post.body:
            return post
        if post.version != version:
            raise EditConflict(post)
        before = Revision.current(post)
        before.save(force_insert=True)
        post.body, post.html, post.excerpt = body, rendered.html, rendered.excerpt
        post.renderer, post.version = RENDERER_VERSION, version + 1
        post.edited_at, post.edited_by, post.edit_reason = at, by, reason
        post.save(
            update_fields=[
                "body", "html", "excerpt", "renderer", "version", "edited_at", "edited_by", "edit_reason"
            ]
        )  # fmt: skip
        keep_mentions(post, rendered)
        keep_quotes(post, quotes)
        topic.change(takes_back=True)
        if permissions.edit_needs_reason(by, post):
            record("edit", by=by, target=post, name=topic.title, why=reason, topic_id=topic.pk)
        if by.is_staff:
            # Staff have seen these words: a highlight goes on to them. After a member's edit it stays where it was.
            Highlight.objects.filter(post=post).update(revision=post.version, excerpt=post.excerpt)
        rates.spend(rates.EDITS, by=by, now=at.timestamp())
    return post


def retitle(
    *, topic: Topic, by: User, title: str, version: int, reason: str = "", at: datetime | None = None
) -> Topic:
    """Give the topic another title. `version` is the title_version the writer started from."""
    with transaction.atomic():
        topic = Topic.objects.locked(topic.pk)
        require_may_retitle(by, topic)
        if title == topic.title:
            return topic
        if topic.title_version != version:
            raise TitleConflict(topic)
        change = TitleChange.objects.create(
            topic=topic,
            number=version + 1,
            was=topic.title,
            became=title,
            changed_by=by,
            changed_at=at or timezone.now(),
            reason=reason,
        )
        topic.title, topic.title_version = title, change.number
        topic.change(takes_back=True, title=title, title_version=change.number)
        if permissions.retitle_needs_reason(by, topic):
            record("retitle", by=by, target=topic, name=change.was, why=reason, topic_id=topic.pk)
        rates.spend(rates.EDITS, by=by)
    return topic


def require_may_edit(by: User, post: Post) -> None:
    """Asked by the page before there is a form, and again under the lock."""
    if not permissions.can_edit(by, post):
        raise refused(post.topic, were_it_open=post.author_id == by.pk and not post.is_removed)


def require_may_retitle(by: User, topic: Topic) -> None:
    """Asked by the page before there is a form, and again under the lock."""
    if not permissions.can_retitle(by, topic):
        raise refused(topic, were_it_open=topic.started_by_id == by.pk)
