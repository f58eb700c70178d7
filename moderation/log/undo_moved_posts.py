"""What undoes the merge and the split of topics. Posts that were moved return to their old positions, which are never
reused."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import LogEntry, User
from forum.access.audit_log import record_on
from forum.access.locks import lock_topics
from forum.access.permissions import is_staff_in
from forum.models import MovedPostStub, SectionVersion, Topic, TopicMerge
from forum.topics.activity import activity_columns
from moderation.access.errors import CannotUndo
from moderation.log.undo_checks import UNDO_REASON
from moderation.topics.merge import make_redirect
from moderation.topics.transfer_posts import (
    count_replies,
    decide_collapse_of_first,
    place_posts,
    require_room_for_highlights,
)


@transaction.atomic
def undo_merge(entry: LogEntry, by: User) -> None:
    """Moves the posts of the merged topic back. Later replies stay in the other topic, and so do posts that were moved
    on from there."""
    topic, into = _locked_both(entry, by)
    if not topic.is_merged or topic.merging.into_id != into.pk or into.is_merged:
        raise CannotUndo(_("The topic is no longer merged into that topic."))
    candidates = MovedPostStub.objects.filter(topic=topic, moved_at=topic.merging.merged_at, post__topic=into)
    stubs = list(candidates.select_related("post__removal").order_by("position"))
    if not stubs or stubs[0].position != 1:
        raise CannotUndo(
            _("The original post has been moved to another topic, so this topic would have no first post.")
        )
    topic.merging.delete()
    topic.is_merged = False
    _put_back(stubs, topic, into, by=by, undoes=entry)
    posts = [stub.post for stub in stubs]
    topic.write(is_merged=False, reply_count=count_replies(posts[1:]), **activity_columns(topic))
    into.write(takes_back=True, reply_count=into.reply_count - count_replies(posts), **activity_columns(into))
    SectionVersion.objects.bump_all((topic.section_id, topic.pk, 1), (into.section_id, into.pk, 0))


@transaction.atomic
def undo_split(entry: LogEntry, by: User) -> None:
    """Undoes splitting and moving posts. A topic that has no posts left redirects to the topic that they came from."""
    topic, into = _locked_both(entry, by)
    if topic.is_merged or into.is_merged:
        raise CannotUndo(_("One of the two topics has since been merged into another."))
    positions = dict(entry.facts["before"]["places"])
    candidates = MovedPostStub.objects.filter(
        topic=topic, post__in=positions, position__in=positions.values()
    )
    stubs = list(candidates.filter(post__topic=into).select_related("post__removal").order_by("position"))
    if len(stubs) != len(positions):
        raise CannotUndo(_("Some of these posts have since been moved to another topic."))
    posts = [stub.post for stub in stubs]
    remaining = into.posts.exclude(pk__in=[post.pk for post in posts])
    is_empty = not remaining.exists()
    if not is_empty and not remaining.filter(position=1).exists():
        raise CannotUndo(_("The new topic has replies. Merge it into this one instead."))
    _put_back(stubs, topic, into, by=by, undoes=entry)
    reply_count = count_replies(posts)
    topic.write(reply_count=topic.reply_count + reply_count, **activity_columns(topic))
    if is_empty:
        TopicMerge.objects.create(topic=into, into=topic, merged_by=by)
        make_redirect(into, topic)
    else:
        into.write(takes_back=True, reply_count=into.reply_count - reply_count, **activity_columns(into))
    topic_change = -1 if is_empty and into.is_listed else 0
    SectionVersion.objects.bump_all((topic.section_id, topic.pk, 0), (into.section_id, into.pk, topic_change))


def _put_back(stubs: list[MovedPostStub], topic: Topic, into: Topic, *, by: User, undoes: LogEntry) -> None:
    require_room_for_highlights([stub.post_id for stub in stubs], topic)
    at = timezone.now()
    MovedPostStub.objects.filter(pk__in=[stub.pk for stub in stubs]).delete()
    # Posts that had been moved into this topic before stay marked as moved.
    still_moved = set(
        MovedPostStub.objects.filter(post__in=[stub.post_id for stub in stubs]).values_list("post", flat=True)
    )
    MovedPostStub.objects.bulk_create(
        MovedPostStub(topic=into, position=stub.post.position, post=stub.post, moved_by=by, moved_at=at)
        for stub in stubs
    )
    for moved_at in (None, at):
        batch = [stub for stub in stubs if (stub.post_id in still_moved) == (moved_at is not None)]
        place_posts(
            [stub.post_id for stub in batch], [stub.position for stub in batch], topic=topic, at=moved_at
        )
    decide_collapse_of_first(stubs[0].post_id, (stubs[0].post.position, stubs[0].position), topic=topic)
    before = {"into": into.pk, "into_title": into.title, "posts": len(stubs)}
    record_on("put_back", topic, by=by, reason=str(UNDO_REASON), before=before, undoes=undoes)


def _locked_both(entry: LogEntry, by: User) -> tuple[Topic, Topic]:
    """Returns the topic of the entry and the one that its posts were moved into, under their locks."""
    into = entry.facts["after"]["into"]
    return lock_topics(entry.target_id, into, by=by, if_may=lambda by, topic: is_staff_in(by, topic.section))
