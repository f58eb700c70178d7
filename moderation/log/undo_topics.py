"""What undoes each action on topics, from the facts of its log entry, as undo_posts.py does for posts. Posts that were
moved return to their old positions, which are never reused."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import LogEntry, Rule, User
from forum.access.audit_log import record_on
from forum.access.locks import lock_topics
from forum.access.permissions import is_staff_in
from forum.models import MovedPostStub, Section, SectionVersion, Topic, TopicMerge
from forum.topics.activity import activity_columns
from moderation.access.errors import CannotUndo
from moderation.log.undo_posts import (
    UNDO_REASON,
    changed_since,
    is_from_action,
    locked_topic,
    require_staff_of_section,
)
from moderation.topics.close import reopen_topic
from moderation.topics.merge import make_redirect
from moderation.topics.move import move_topic
from moderation.topics.remove import remove_topic, restore_topic
from moderation.topics.timers import cancel_auto_close, set_auto_close, set_slow_mode, timer_facts
from moderation.topics.transfer_posts import (
    count_replies,
    decide_collapse_of_first,
    place_posts,
    require_room_for_highlights,
)


def undo_remove_topic(entry: LogEntry, by: User) -> None:
    topic = locked_topic(entry, by)
    if not topic.is_removed:
        raise CannotUndo(changed_since(entry, _("The topic was already restored."), "restore_topic"))
    if not is_from_action(entry, removal=topic.removal.pk):
        raise CannotUndo(changed_since(entry, _("The topic was restored and removed again."), "remove_topic"))
    restore_topic(topic=topic, by=by, reason=str(UNDO_REASON), undoes=entry)


def undo_restore_topic(entry: LogEntry, by: User) -> None:
    was = entry.facts["before"]
    rule = Rule.objects.filter(pk=was["rule"]).first()
    remove_topic(topic=_topic(entry, by), by=by, reason=was["reason"], rule=rule, undoes=entry)


def undo_move_topic(entry: LogEntry, by: User) -> None:
    topic = _topic(entry, by)
    if topic.section_id != entry.facts["after"]["section"]:
        message = _("The topic has since been moved to %(section)s.") % {"section": topic.section.name}
        raise CannotUndo(message)
    back = Section.objects.get(pk=entry.facts["before"]["section"])
    move_topic(topic=topic, to=back, by=by, reason=str(UNDO_REASON), undoes=entry)


def undo_auto_close(entry: LogEntry, by: User) -> None:
    topic = locked_topic(entry, by)
    if topic.is_closed and not is_from_action(entry, closure=topic.current_closure.pk):
        message = _("The topic was reopened and closed again.")
        raise CannotUndo(changed_since(entry, message, "close", "close_by_itself"))
    reopen_topic(topic=topic, by=by, reason=str(UNDO_REASON), undoes=entry)


def undo_set_auto_close(entry: LogEntry, by: User) -> None:
    """Undoes setting or cancelling auto-close: the earlier setting is restored."""
    topic, was = locked_topic(entry, by), entry.facts["before"]
    if topic.is_closed:
        raise CannotUndo(_("The topic is already closed."))
    if not _is_same_timer(timer_facts(topic), entry.facts["after"]):
        raise CannotUndo(changed_since(entry, _("Auto-close was changed again."), "set_timer", "stop_timer"))
    if was is None:
        cancel_auto_close(topic=topic, by=by, undoes=entry)
    elif days := was["days_of_silence"]:
        set_auto_close(topic=topic, by=by, days=days, reason=was["reason"], undoes=entry)
    else:
        at = datetime.fromisoformat(was["closes_at"])
        if at <= timezone.now():
            raise CannotUndo(_("The earlier closing time has passed."))
        set_auto_close(topic=topic, by=by, at=at, reason=was["reason"], undoes=entry)


def undo_slow_mode(entry: LogEntry, by: User) -> None:
    topic, was = locked_topic(entry, by), entry.facts["before"]["minutes"]
    if topic.slow_minutes != entry.facts["after"]["minutes"]:
        raise CannotUndo(
            changed_since(entry, _("Slow mode was changed again."), "slow_down", "end_slow_mode")
        )
    set_slow_mode(topic=topic, by=by, minutes=was, reason=str(UNDO_REASON), undoes=entry)


@transaction.atomic
def undo_merge(entry: LogEntry, by: User) -> None:
    """Moves the posts of the merged topic back. Later replies stay in the other topic, and so do posts that were moved
    on from there."""
    topic, into = _locked_both(entry, by)
    if not topic.is_merged or topic.merging.into_id != into.pk or into.is_merged:
        raise CannotUndo(_("The topic is no longer merged into that topic."))
    left = MovedPostStub.objects.filter(topic=topic, moved_at=topic.merging.merged_at, post__topic=into)
    back = list(left.select_related("post__removal").order_by("position"))
    if not back or back[0].position != 1:
        raise CannotUndo(
            _("The original post has been moved to another topic, so this topic would have no first post.")
        )
    topic.merging.delete()
    topic.is_merged = False
    _put_back(back, topic, into, by=by, undoes=entry)
    posts = [place.post for place in back]
    topic.write(is_merged=False, reply_count=count_replies(posts[1:]), **activity_columns(topic))
    into.write(takes_back=True, reply_count=into.reply_count - count_replies(posts), **activity_columns(into))
    SectionVersion.objects.bump_all((topic.section_id, topic.pk, 1), (into.section_id, into.pk, 0))


@transaction.atomic
def undo_split(entry: LogEntry, by: User) -> None:
    """Undoes splitting and moving posts. A topic that has no posts left redirects to the topic that they came from."""
    topic, into = _locked_both(entry, by)
    if topic.is_merged or into.is_merged:
        raise CannotUndo(_("One of the two topics has since been merged into another."))
    places = dict(entry.facts["before"]["places"])
    left = MovedPostStub.objects.filter(topic=topic, post__in=places, position__in=places.values())
    back = list(left.filter(post__topic=into).select_related("post__removal").order_by("position"))
    if len(back) != len(places):
        raise CannotUndo(_("Some of these posts have since been moved to another topic."))
    posts = [place.post for place in back]
    rest = into.posts.exclude(pk__in=[post.pk for post in posts])
    is_empty = not rest.exists()
    if not is_empty and not rest.filter(position=1).exists():
        raise CannotUndo(_("The new topic has replies. Merge it into this one instead."))
    _put_back(back, topic, into, by=by, undoes=entry)
    answers = count_replies(posts)
    topic.write(reply_count=topic.reply_count + answers, **activity_columns(topic))
    if is_empty:
        TopicMerge.objects.create(topic=into, into=topic, merged_by=by)
        make_redirect(into, topic)
    else:
        into.write(takes_back=True, reply_count=into.reply_count - answers, **activity_columns(into))
    gone = -1 if is_empty and into.is_listed else 0
    SectionVersion.objects.bump_all((topic.section_id, topic.pk, 0), (into.section_id, into.pk, gone))


def _put_back(back: list[MovedPostStub], topic: Topic, into: Topic, *, by: User, undoes: LogEntry) -> None:
    require_room_for_highlights([place.post_id for place in back], topic)
    at = timezone.now()
    MovedPostStub.objects.filter(pk__in=[place.pk for place in back]).delete()
    # Posts that had been moved into this topic before stay marked as moved.
    again = set(
        MovedPostStub.objects.filter(post__in=[place.post_id for place in back]).values_list(
            "post", flat=True
        )
    )
    MovedPostStub.objects.bulk_create(
        MovedPostStub(topic=into, position=place.post.position, post=place.post, moved_by=by, moved_at=at)
        for place in back
    )
    for moved_at in (None, at):
        these = [place for place in back if (place.post_id in again) == (moved_at is not None)]
        place_posts([p.post_id for p in these], [p.position for p in these], topic=topic, at=moved_at)
    decide_collapse_of_first(back[0].post_id, (back[0].post.position, back[0].position), topic=topic)
    before = {"into": into.pk, "into_title": into.title, "posts": len(back)}
    record_on("put_back", topic, by=by, reason=str(UNDO_REASON), before=before, undoes=undoes)


def _is_same_timer(one: dict[str, Any] | None, other: dict[str, Any] | None) -> bool:
    """Returns whether two settings of auto-close are the same. After days without a reply, the time itself changes with
    each reply, so only the days are compared."""
    if one is None or other is None:
        return one is other
    if one["days_of_silence"] or other["days_of_silence"]:
        return one["days_of_silence"] == other["days_of_silence"]
    return datetime.fromisoformat(one["closes_at"]) == datetime.fromisoformat(other["closes_at"])


def _locked_both(entry: LogEntry, by: User) -> tuple[Topic, Topic]:
    """Returns the topic of the entry and the one that its posts were moved into, under their locks."""
    into = entry.facts["after"]["into"]
    return lock_topics(entry.target_id, into, by=by, if_may=lambda by, one: is_staff_in(by, one.section))


def _topic(entry: LogEntry, by: User) -> Topic:
    """Returns the topic without its lock, for actions that lock a section first."""
    return require_staff_of_section(by, Topic.objects.select_related("section").get(pk=entry.target_id))
