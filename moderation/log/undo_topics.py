"""What undoes each action on topics, from the facts of its log entry, as undo_posts.py does for posts."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import LogEntry, User
from core.web.times import format_time
from forum.models import Section, Topic
from forum.topics import rename
from moderation.access.errors import CannotUndo
from moderation.log.undo_checks import (
    UNDO_REASON,
    is_from_action,
    locked_topic,
    require_staff_of_section,
    require_unchanged,
    rule_of,
)
from moderation.topics.close import close_topic, reopen_topic
from moderation.topics.move import move_topic
from moderation.topics.pin import pin_topic, unpin_topic
from moderation.topics.remove import remove_topic, restore_topic
from moderation.topics.timers import cancel_auto_close, set_auto_close, set_slow_mode, timer_facts


def undo_close(entry: LogEntry, by: User) -> None:
    topic = locked_topic(entry, by)
    require_unchanged(entry, topic.is_closed, _("The topic is already open."), "reopen")
    is_same = is_from_action(entry, closure=topic.current_closure.pk)
    require_unchanged(entry, is_same, _("The topic was reopened and closed again."), "close")
    reopen_topic(topic=topic, by=by, reason=str(UNDO_REASON), undoes=entry)


def undo_reopen(entry: LogEntry, by: User) -> None:
    topic, before = locked_topic(entry, by), entry.facts["before"]
    require_unchanged(entry, not topic.is_closed, _("The topic is already closed."), "close")
    related_topic = Topic.objects.visible_to(by).filter(pk=before["read_instead"]).first()
    rule = rule_of(before["rule"])
    close_topic(
        topic=topic, by=by, reason=before["reason"], read_instead=related_topic, rule=rule, undoes=entry
    )


def undo_pin(entry: LogEntry, by: User) -> None:
    topic = locked_topic(entry, by)
    is_same = topic.is_pinned and is_from_action(entry, pin=topic.pin.pk)
    require_unchanged(entry, is_same, _("The topic was unpinned, or pinned again."), "unpin")
    unpin_topic(topic=topic, by=by, undoes=entry)


def undo_unpin(entry: LogEntry, by: User) -> None:
    topic = locked_topic(entry, by)
    require_unchanged(entry, not topic.is_pinned, _("The topic is already pinned."), "pin")
    until = (entry.facts["before"] or {}).get("until")
    pin_topic(topic=topic, by=by, until=datetime.fromisoformat(until) if until else None, undoes=entry)


def undo_retitle(entry: LogEntry, by: User) -> None:
    topic = locked_topic(entry, by)
    if topic.title != entry.facts["after"]["title"]:
        latest = topic.title_changes.select_related("changed_by").latest("number")
        message = _("%(name)s changed the title to “%(title)s” at %(time)s.")
        raise CannotUndo(
            message
            % {"name": latest.changed_by.name, "title": topic.title, "time": format_time(latest.changed_at)}
        )
    rename.rename_topic(
        topic=topic,
        by=by,
        title=entry.facts["before"]["title"],
        version=topic.title_version,
        reason=str(UNDO_REASON),
        undoes=entry,
    )


def undo_remove_topic(entry: LogEntry, by: User) -> None:
    topic = locked_topic(entry, by)
    require_unchanged(entry, topic.is_removed, _("The topic was already restored."), "restore_topic")
    is_same = is_from_action(entry, removal=topic.removal.pk)
    require_unchanged(entry, is_same, _("The topic was restored and removed again."), "remove_topic")
    restore_topic(topic=topic, by=by, reason=str(UNDO_REASON), undoes=entry)


def undo_restore_topic(entry: LogEntry, by: User) -> None:
    before = entry.facts["before"]
    rule = rule_of(before["rule"])
    remove_topic(topic=_topic(entry, by), by=by, reason=before["reason"], rule=rule, undoes=entry)


def undo_move_topic(entry: LogEntry, by: User) -> None:
    topic = _topic(entry, by)
    if topic.section_id != entry.facts["after"]["section"]:
        message = _("The topic has since been moved to %(section)s.") % {"section": topic.section.name}
        raise CannotUndo(message)
    section = Section.objects.get(pk=entry.facts["before"]["section"])
    move_topic(topic=topic, to=section, by=by, reason=str(UNDO_REASON), undoes=entry)


def undo_auto_close(entry: LogEntry, by: User) -> None:
    topic = locked_topic(entry, by)
    if topic.is_closed:
        is_same = is_from_action(entry, closure=topic.current_closure.pk)
        message = _("The topic was reopened and closed again.")
        require_unchanged(entry, is_same, message, "close", "close_by_itself")
    reopen_topic(topic=topic, by=by, reason=str(UNDO_REASON), undoes=entry)


def undo_set_auto_close(entry: LogEntry, by: User) -> None:
    """Undoes setting or cancelling auto-close: the earlier setting is restored."""
    topic, before = locked_topic(entry, by), entry.facts["before"]
    if topic.is_closed:
        raise CannotUndo(_("The topic is already closed."))
    is_same = _is_same_timer(timer_facts(topic), entry.facts["after"])
    require_unchanged(entry, is_same, _("Auto-close was changed again."), "set_timer", "stop_timer")
    if before is None:
        cancel_auto_close(topic=topic, by=by, undoes=entry)
    elif days := before["days_of_silence"]:
        set_auto_close(topic=topic, by=by, days=days, reason=before["reason"], undoes=entry)
    else:
        closes_at = datetime.fromisoformat(before["closes_at"])
        if closes_at <= timezone.now():
            raise CannotUndo(_("The earlier closing time has passed."))
        set_auto_close(topic=topic, by=by, at=closes_at, reason=before["reason"], undoes=entry)


def undo_slow_mode(entry: LogEntry, by: User) -> None:
    topic, minutes = locked_topic(entry, by), entry.facts["before"]["minutes"]
    is_same = topic.slow_minutes == entry.facts["after"]["minutes"]
    require_unchanged(entry, is_same, _("Slow mode was changed again."), "slow_down", "end_slow_mode")
    set_slow_mode(topic=topic, by=by, minutes=minutes, reason=str(UNDO_REASON), undoes=entry)


def _is_same_timer(one: dict[str, Any] | None, other: dict[str, Any] | None) -> bool:
    """Returns whether two settings of auto-close are the same. After days without a reply, the time itself changes with
    each reply, so only the days are compared."""
    if one is None or other is None:
        return one is other
    if one["days_of_silence"] or other["days_of_silence"]:
        return one["days_of_silence"] == other["days_of_silence"]
    return datetime.fromisoformat(one["closes_at"]) == datetime.fromisoformat(other["closes_at"])


def _topic(entry: LogEntry, by: User) -> Topic:
    """Returns the topic without its lock, for actions that lock a section first."""
    return require_staff_of_section(by, Topic.objects.select_related("section").get(pk=entry.target_id))
