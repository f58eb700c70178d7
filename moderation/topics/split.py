"""Move posts out of a topic: to a new one, or to the end of another."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from forum.access import permissions
from forum.access.audit_log import record_on
from forum.access.locks import lock_topic, lock_topics
from forum.access.require import require
from forum.models import MovedPostStub, Post, Section, SectionVersion, Topic
from forum.topics.activity import activity_columns
from moderation.access.errors import AlreadyMoved, CannotMove
from moderation.topics.transfer_posts import count_replies, move_to_end

MAX_POSTS = 100  # posts at once


@transaction.atomic
def split_posts(
    *, topic: Topic, posts: Collection[int], section: Section, title: str, by: User, reason: str = ""
) -> Topic:
    """Creates a topic from these posts, given by id. The first becomes the original post, and its author the author of
    the topic."""
    section = Section.objects.held(section.pk)[section.pk]
    topic = lock_topic(topic, by=by, if_may=permissions.can_move)
    require(permissions.can_move_into(by, section))
    selected = _selected(topic, posts)
    first = selected[0]
    if first.is_removed:
        raise CannotMove(_("The first selected post is removed. Restore it, or start with another post."))
    new = Topic.objects.create(
        section=section,
        title=title,
        started_by=first.author,
        started_at=first.posted_at,
        last_post_at=first.posted_at,
        last_post_by=first.author,
        unread_at=first.posted_at,
    )
    _move(selected, topic, new, by=by)
    new.write(last_position=len(selected), reply_count=count_replies(selected) - 1, **activity_columns(new))
    SectionVersion.objects.bump_all((topic.section_id, topic.pk, 0), (section.pk, new.pk, 1))
    _record_moved("split", selected, topic, new, by=by, reason=reason)
    return new


@transaction.atomic
def move_posts(*, topic: Topic, posts: Collection[int], into: Topic, by: User, reason: str = "") -> Topic:
    """Moves these posts, given by id, to the end of another topic."""
    if topic.pk == into.pk:
        raise CannotMove(_("Enter the link of another topic."))
    topic, into = lock_topics(topic.pk, into.pk, by=by, if_may=permissions.can_move)
    if into.section.is_archived:
        raise CannotMove(_("That topic is in an archived section, which is read-only."))
    selected = _selected(topic, posts)
    _move(selected, topic, into, by=by)
    into.write(
        last_position=into.last_position + len(selected),
        reply_count=into.reply_count + count_replies(selected),
        **activity_columns(into),
    )
    SectionVersion.objects.bump_all((topic.section_id, topic.pk, 0), (into.section_id, into.pk, 0))
    _record_moved("move_posts", selected, topic, into, by=by, reason=reason)
    return into


def _selected(topic: Topic, pks: Collection[int]) -> list[Post]:
    """Returns the posts in their order. Raises AlreadyMoved if someone else has moved one of them."""
    wanted = set(pks)
    if not 0 < len(wanted) <= MAX_POSTS:
        raise CannotMove(_("Select at least one post, and at most %(limit)d.") % {"limit": MAX_POSTS})
    posts = topic.posts.filter(pk__in=wanted).with_details().defer("body", "html").order_by("position")
    selected: list[Post] = list(posts)
    if missing := wanted - {post.pk for post in selected}:
        stubs = MovedPostStub.objects.filter(topic=topic, post__in=missing).select_related("moved_by")
        if stub := stubs.order_by("-moved_at").first():
            raise AlreadyMoved(topic, stub.moved_by, stub.moved_at)
        raise CannotMove(_("Some of these posts are not in this topic."))
    if selected[0].is_original:
        raise CannotMove(_("The original post cannot be moved. Move or merge the whole topic instead."))
    return selected


def _move(selected: list[Post], topic: Topic, target: Topic, *, by: User) -> None:
    move_to_end(selected, source=topic, target=target, by=by, at=timezone.now())
    topic.write(
        takes_back=True, reply_count=topic.reply_count - count_replies(selected), **activity_columns(topic)
    )


def _record_moved(
    act: str, selected: list[Post], topic: Topic, into: Topic, *, by: User, reason: str
) -> None:
    before = {"places": [[post.pk, post.position] for post in selected]}
    after = {"into": into.pk, "into_title": into.title, "posts": len(selected)}
    record_on(act, topic, by=by, reason=reason, before=before, after=after)
