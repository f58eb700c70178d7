"""What undoes each action on topics, from the facts of its log entry, as undo_posts.py does for posts. Posts that were
moved return to their old positions, which are never reused."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.log import record
from accounts.models import Rule, User
from accounts.models.log_entry import LogEntry
from forum.access import locks as locking, permissions
from forum.access.errors import NotAllowed
from forum.models import ListVersion, Merging, MovedPost, Section, Topic
from forum.topics import activity as counting
from moderation.access.errors import CannotUndo
from moderation.log.undo_posts import WHY, is_of, require_staff_there, since
from moderation.topics import close as closing, move as moving, remove as removing_topics, timers as timing
from moderation.topics.merge import lead_to
from moderation.topics.transfer_posts import answers_among, decide_folding, put, require_room_for_highlights


def undo_remove_topic(entry: LogEntry, by: User) -> None:
    topic = _locked(entry, by)
    if not topic.is_removed:
        raise CannotUndo(since(entry, _("The topic was already restored."), "restore_topic"))
    if not is_of(entry, removal=topic.removal.pk):
        raise CannotUndo(since(entry, _("The topic was restored and removed again."), "remove_topic"))
    removing_topics.restore_topic(topic=topic, by=by, reason=str(WHY))


def undo_restore_topic(entry: LogEntry, by: User) -> None:
    was = entry.facts["before"]
    rule = Rule.objects.filter(pk=was["rule"]).first()
    removing_topics.remove_topic(topic=_topic(entry, by), by=by, reason=was["reason"], rule=rule)


def undo_move_topic(entry: LogEntry, by: User) -> None:
    topic = _topic(entry, by)
    if topic.section_id != entry.facts["after"]["section"]:
        words = _("The topic has since been moved to %(section)s.") % {"section": topic.section.name}
        raise CannotUndo(words)
    back = Section.objects.get(pk=entry.facts["before"]["section"])
    moving.move_topic(topic=topic, to=back, by=by, reason=str(WHY))


def undo_close_by_itself(entry: LogEntry, by: User) -> None:
    topic = _locked(entry, by)
    if topic.is_closed and not is_of(entry, closure=topic.standing_closure.pk):
        words = _("The topic was reopened and closed again.")
        raise CannotUndo(since(entry, words, "close", "close_by_itself"))
    closing.reopen_topic(topic=topic, by=by, reason=str(WHY))


def undo_timer(entry: LogEntry, by: User) -> None:
    """Undoes setting or cancelling auto-close: the earlier setting is restored."""
    topic, was = _locked(entry, by), entry.facts["before"]
    if topic.is_closed:
        raise CannotUndo(_("The topic is already closed."))
    if not _is_same_timer(timing.facts_of(topic), entry.facts["after"]):
        raise CannotUndo(since(entry, _("Auto-close was changed again."), "set_timer", "stop_timer"))
    if was is None:
        timing.stop_timer(topic=topic, by=by)
    elif days := was["days_of_silence"]:
        timing.set_timer(topic=topic, by=by, days=days, reason=was["reason"])
    else:
        at = datetime.fromisoformat(was["closes_at"])
        if at <= timezone.now():
            raise CannotUndo(_("The earlier closing time has passed."))
        timing.set_timer(topic=topic, by=by, at=at, reason=was["reason"])


def undo_slow_mode(entry: LogEntry, by: User) -> None:
    topic, was = _locked(entry, by), entry.facts["before"]["minutes"]
    if topic.slow_minutes != entry.facts["after"]["minutes"]:
        raise CannotUndo(since(entry, _("Slow mode was changed again."), "slow_down", "end_slow_mode"))
    timing.slow_down(topic=topic, by=by, minutes=was, reason=str(WHY))


@transaction.atomic
def undo_merge(entry: LogEntry, by: User) -> None:
    """Moves the posts of the merged topic back. Later replies stay in the other topic, and so do posts that were moved
    on from there."""
    topic, into = locking.locked_topics(entry.target_id, entry.facts["after"]["into"], by=by)
    _require_may(by, topic, into)
    if not topic.is_merged or topic.merging.into_id != into.pk or into.is_merged:
        raise CannotUndo(_("The topic is no longer merged into that topic."))
    left = MovedPost.objects.filter(topic=topic, moved_at=topic.merging.merged_at, post__topic=into)
    back = list(left.select_related("post__removal").order_by("position"))
    if not back or back[0].position != 1:
        raise CannotUndo(
            _("The original post has been moved to another topic, so this topic would have no first post.")
        )
    topic.merging.delete()
    topic.is_merged = False
    _put_back(back, topic, into, by=by)
    posts = [place.post for place in back]
    topic.write(is_merged=False, answers=answers_among(posts[1:]), **counting.newest(topic))
    into.write(takes_back=True, answers=into.answers - answers_among(posts), **counting.newest(into))
    ListVersion.objects.grow_together((topic.section_id, topic.pk, 1), (into.section_id, into.pk, 0))
    _record(topic, into, len(back), by=by)


@transaction.atomic
def undo_split(entry: LogEntry, by: User) -> None:
    """Undoes splitting and moving posts. A topic that has no posts left redirects to the topic that they came from."""
    topic, into = locking.locked_topics(entry.target_id, entry.facts["after"]["into"], by=by)
    _require_may(by, topic, into)
    if topic.is_merged or into.is_merged:
        raise CannotUndo(_("One of the two topics has since been merged into another."))
    places = dict(entry.facts["before"]["places"])
    left = MovedPost.objects.filter(topic=topic, post__in=places, position__in=places.values())
    back = list(left.filter(post__topic=into).select_related("post__removal").order_by("position"))
    if len(back) != len(places):
        raise CannotUndo(_("Some of these posts have since been moved to another topic."))
    posts = [place.post for place in back]
    rest = into.posts.exclude(pk__in=[post.pk for post in posts])
    is_empty = not rest.exists()
    if not is_empty and not rest.filter(position=1).exists():
        raise CannotUndo(_("The new topic has replies. Merge it into this one instead."))
    _put_back(back, topic, into, by=by)
    answers = answers_among(posts)
    topic.write(answers=topic.answers + answers, **counting.newest(topic))
    if is_empty:
        Merging.objects.create(topic=into, into=topic, merged_by=by)
        lead_to(into, topic)
    else:
        into.write(takes_back=True, answers=into.answers - answers, **counting.newest(into))
    gone = -1 if is_empty and into.stands else 0
    ListVersion.objects.grow_together((topic.section_id, topic.pk, 0), (into.section_id, into.pk, gone))
    _record(topic, into, len(back), by=by)


def _put_back(back: list[MovedPost], topic: Topic, into: Topic, *, by: User) -> None:
    require_room_for_highlights([place.post_id for place in back], topic)
    at = timezone.now()
    MovedPost.objects.filter(pk__in=[place.pk for place in back]).delete()
    # Posts that had been moved into this topic before stay marked as moved.
    again = set(
        MovedPost.objects.filter(post__in=[place.post_id for place in back]).values_list("post", flat=True)
    )
    MovedPost.objects.bulk_create(
        MovedPost(topic=into, position=place.post.position, post=place.post, moved_by=by, moved_at=at)
        for place in back
    )
    for moved_at in (None, at):
        these = [place for place in back if (place.post_id in again) == (moved_at is not None)]
        put([p.post_id for p in these], [p.position for p in these], topic=topic, at=moved_at)
    decide_folding(back[0].post_id, (back[0].post.position, back[0].position), topic=topic)


def _record(topic: Topic, into: Topic, posts: int, *, by: User) -> None:
    record(
        "put_back",
        by=by,
        target=topic,
        name=topic.title,
        why=str(WHY),
        topic_id=topic.pk,
        section_id=topic.section_id,
        facts={"before": {"into": into.pk, "into_title": into.title, "posts": posts}, "after": None},
    )


def _is_same_timer(one: dict[str, Any] | None, other: dict[str, Any] | None) -> bool:
    """Returns whether two settings of auto-close are the same. After days without a reply, the time itself changes with
    each reply, so only the days are compared."""
    if one is None or other is None:
        return one is other
    if one["days_of_silence"] or other["days_of_silence"]:
        return one["days_of_silence"] == other["days_of_silence"]
    return datetime.fromisoformat(one["closes_at"]) == datetime.fromisoformat(other["closes_at"])


def _require_may(by: User, topic: Topic, into: Topic) -> None:
    if not all(permissions.is_staff_in(by, one.section) for one in (topic, into)):
        raise NotAllowed


def _locked(entry: LogEntry, by: User) -> Topic:
    """Returns the topic under its lock. Not for actions that first lock a section or two topics."""
    return require_staff_there(by, Topic.objects.locked(entry.target_id))


def _topic(entry: LogEntry, by: User) -> Topic:
    return require_staff_there(by, Topic.objects.select_related("section").get(pk=entry.target_id))
