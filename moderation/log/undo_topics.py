"""The way back from each act on topics, by what its entry in the record says; as moderation/log/undo_posts.py has
it for those on posts. What was carried goes back to the very places that it left, which nothing else has taken."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

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
        raise CannotUndo(since(entry, "The topic stands in its place again.", "restore_topic"))
    if not is_of(entry, removal=topic.removal.pk):
        raise CannotUndo(since(entry, "The topic was restored and removed again.", "remove_topic"))
    removing_topics.restore_topic(topic=topic, by=by, reason=WHY)


def undo_restore_topic(entry: LogEntry, by: User) -> None:
    was = entry.facts["before"]
    rule = Rule.objects.filter(pk=was["rule"]).first()
    removing_topics.remove_topic(topic=_topic(entry, by), by=by, reason=was["reason"], rule=rule)


def undo_move_topic(entry: LogEntry, by: User) -> None:
    topic = _topic(entry, by)
    if topic.section_id != entry.facts["after"]["section"]:
        raise CannotUndo(f"The topic was moved on to {topic.section.name}.")
    back = Section.objects.get(pk=entry.facts["before"]["section"])
    moving.move_topic(topic=topic, to=back, by=by, reason=WHY)


def undo_close_by_itself(entry: LogEntry, by: User) -> None:
    topic = _locked(entry, by)
    if topic.is_closed and not is_of(entry, closure=topic.standing_closure.pk):
        raise CannotUndo(since(entry, "The topic was opened and closed again.", "close", "close_by_itself"))
    closing.reopen_topic(topic=topic, by=by, reason=WHY)


def undo_timer(entry: LogEntry, by: User) -> None:
    """Setting one and stopping it: what was before holds again."""
    topic, was = _locked(entry, by), entry.facts["before"]
    if topic.is_closed:
        raise CannotUndo("The topic is closed by now.")
    if not _is_same_timer(timing.facts_of(topic), entry.facts["after"]):
        raise CannotUndo(since(entry, "When it closes has been changed.", "set_timer", "stop_timer"))
    if was is None:
        timing.stop_timer(topic=topic, by=by)
    elif days := was["days_of_silence"]:
        timing.set_timer(topic=topic, by=by, days=days, reason=was["reason"])
    else:
        at = datetime.fromisoformat(was["closes_at"])
        if at <= timezone.now():
            raise CannotUndo("The moment when it was to close is past.")
        timing.set_timer(topic=topic, by=by, at=at, reason=was["reason"])


def undo_slow_mode(entry: LogEntry, by: User) -> None:
    topic, was = _locked(entry, by), entry.facts["before"]["minutes"]
    if topic.slow_minutes != entry.facts["after"]["minutes"]:
        raise CannotUndo(since(entry, "Slow mode has been changed.", "slow_down", "end_slow_mode"))
    timing.slow_down(topic=topic, by=by, minutes=was, reason=WHY)


@transaction.atomic
def undo_merge(entry: LogEntry, by: User) -> None:
    """What was answered since in the topic that it went into stays there, and so does what was moved on from there."""
    topic, into = locking.locked_topics(entry.target_id, entry.facts["after"]["into"], by=by)
    _require_may(by, topic, into)
    if not topic.is_merged or topic.merging.into_id != into.pk or into.is_merged:
        raise CannotUndo("It is not merged into that topic any more.")
    left = MovedPost.objects.filter(topic=topic, moved_at=topic.merging.merged_at, post__topic=into)
    back = list(left.select_related("post__removal").order_by("position"))
    if not back or back[0].position != 1:
        raise CannotUndo("Its original post was moved on; there is nothing that the topic could begin with.")
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
    """Splitting, and moving posts. A topic that has nothing left leads to where its posts are again."""
    topic, into = locking.locked_topics(entry.target_id, entry.facts["after"]["into"], by=by)
    _require_may(by, topic, into)
    if topic.is_merged or into.is_merged:
        raise CannotUndo("One of the two topics went into another since.")
    places = dict(entry.facts["before"]["places"])
    left = MovedPost.objects.filter(topic=topic, post__in=places, position__in=places.values())
    back = list(left.filter(post__topic=into).select_related("post__removal").order_by("position"))
    if len(back) != len(places):
        raise CannotUndo("Some of these posts were moved on since.")
    posts = [place.post for place in back]
    rest = into.posts.exclude(pk__in=[post.pk for post in posts])
    is_empty = not rest.exists()
    if not is_empty and not rest.filter(position=1).exists():
        raise CannotUndo("Others have answered in the new topic; merge it into this one instead.")
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
    # What had been moved before that is moved still.
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
        why=WHY,
        topic_id=topic.pk,
        section_id=topic.section_id,
        facts={"before": {"into": into.pk, "into_title": into.title, "posts": posts}, "after": None},
    )


def _is_same_timer(one: dict[str, Any] | None, other: dict[str, Any] | None) -> bool:
    """After days of silence: the moment moves on with every answer."""
    if one is None or other is None:
        return one is other
    if one["days_of_silence"] or other["days_of_silence"]:
        return one["days_of_silence"] == other["days_of_silence"]
    return datetime.fromisoformat(one["closes_at"]) == datetime.fromisoformat(other["closes_at"])


def _require_may(by: User, topic: Topic, into: Topic) -> None:
    if not all(permissions.is_staff_in(by, one.section) for one in (topic, into)):
        raise NotAllowed


def _locked(entry: LogEntry, by: User) -> Topic:
    """So that what is found is what is undone. Not for acts that lock a section, or two topics, first."""
    return require_staff_there(by, Topic.objects.locked(entry.target_id))


def _topic(entry: LogEntry, by: User) -> Topic:
    return require_staff_there(by, Topic.objects.select_related("section").get(pk=entry.target_id))
