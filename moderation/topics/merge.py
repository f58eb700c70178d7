"""Merge a topic into another: its posts are added at the end of the other topic, and its URL redirects there."""

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from forum.access import permissions
from forum.access.audit_log import record_on
from forum.access.locks import lock_topics
from forum.access.require import require
from forum.models import AutoCloseTimer, Pin, Poll, Post, SectionVersion, Topic, TopicMerge
from forum.models.draft import reply_draft_key
from forum.topics.activity import activity_columns
from moderation.access.errors import CannotMerge
from moderation.topics.transfer_posts import count_replies, move_to_end
from notifications.inbox.notify import notify

MAX_POSTS = 2_000  # posts at once: both topics are locked until it is done

# A member with drafts of replies in both topics keeps both: this one stays in the list of drafts.
MOVE_DRAFTS = """
UPDATE forum_draft AS draft SET place = %(new_key)s
 WHERE place = %(old_key)s
   AND NOT EXISTS (SELECT FROM forum_draft WHERE member_id = draft.member_id AND place = %(new_key)s)
"""


@transaction.atomic
def merge_topic(*, topic: Topic, into: Topic, by: User, reason: str = "") -> TopicMerge:
    """Merges the topic. Returns the merge, also if the topic was merged before, into whatever topic."""
    if topic.pk == into.pk:
        raise CannotMerge(_("Enter the link of another topic."))
    topic, into = lock_topics(topic.pk, into.pk, by=by)
    if topic.is_merged and permissions.is_staff_in(by, topic.section):
        # Someone who cannot read the other topic must not learn where this one was merged to.
        require(permissions.can_read_topic(by, topic.merging.into))
        return topic.merging
    require_can_merge(by, topic, into)
    at, posts = timezone.now(), _posts_of(topic)
    merge = TopicMerge.objects.create(topic=topic, into=into, merged_by=by, merged_at=at)
    move_to_end(posts, source=topic, target=into, by=by, at=at)
    make_redirect(topic, into)
    into.last_position += len(posts)
    into.write(
        last_position=into.last_position,
        reply_count=into.reply_count + count_replies(posts),
        **activity_columns(into),
    )
    SectionVersion.objects.bump_all((topic.section_id, topic.pk, -1), (into.section_id, into.pk, 0))
    after = {"into": into.pk, "into_title": into.title, "posts": len(posts)}
    record_on("merge", topic, by=by, reason=reason, after=after)
    _notify_author(topic, into, by)
    return merge


def _posts_of(topic: Topic) -> list[Post]:
    posts = list(topic.posts.with_details().defer("body", "html").order_by("position")[: MAX_POSTS + 1])
    if len(posts) > MAX_POSTS:
        message = _(
            "This topic has more than %(limit)s posts. Close it instead, and enter the other as its related topic."
        )
        raise CannotMerge(message % {"limit": f"{MAX_POSTS:,}"})
    return posts


def _notify_author(topic: Topic, into: Topic, by: User) -> None:
    """Notifies the author, if they can read the other topic."""
    author = topic.started_by
    if author != by and permissions.can_read_topic(author, into):
        text = _("Your topic “%(title)s” was merged into “%(target)s”.")
        text %= {"title": topic.title, "target": into.title}
        notify(member=author, text=text, url=into.get_absolute_url())


def make_redirect(topic: Topic, into: Topic) -> None:
    """Removes or moves what belongs to a topic that has no posts left. Call it under the locks of both."""
    Pin.objects.filter(topic=topic).delete()
    AutoCloseTimer.objects.filter(topic=topic).delete()
    topic.write(
        takes_back=True, is_merged=True, reply_count=0, closes_at=None, inactivity_days=None, slow_minutes=0
    )
    try:
        _move_drafts(topic, into)
    except IntegrityError:  # a draft was saved there at the same time; the statement sees it now
        _move_drafts(topic, into)


@transaction.atomic
def _move_drafts(topic: Topic, into: Topic) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            MOVE_DRAFTS, {"old_key": reply_draft_key(topic.pk), "new_key": reply_draft_key(into.pk)}
        )


def require_can_merge(by: User, topic: Topic, into: Topic) -> None:
    """Raises an error if the person cannot merge these topics. Pages call it before they show the form."""
    require(permissions.can_move(by, topic) and permissions.can_move(by, into))
    if into.section.is_archived:
        raise CannotMerge(_("That topic is in an archived section, which is read-only."))
    if Poll.objects.filter(topic=topic.pk).exists():
        raise CannotMerge(
            _(
                "A topic with a poll cannot be merged. Close it instead, and enter the other topic as its related"
                " topic."
            )
        )
