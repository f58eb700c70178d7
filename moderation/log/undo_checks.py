"""The checks that every undo makes: under the lock, by staff of the section, and that nothing has changed since."""

from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import LogEntry, Rule, User
from core.web.times import format_time
from forum.access import permissions
from forum.access.require import require
from forum.models import Topic
from moderation.access.errors import CannotUndo

UNDO_REASON = gettext_lazy("Undone.")  # the reason of an action that undoes another


def is_from_action(entry: LogEntry, **row: int) -> bool:
    """Returns whether the current row is the one that the action created, or one that an undo restored."""
    if entry.facts["after"].items() >= row.items():
        return True
    entries = LogEntry.objects.filter(target_kind=entry.target_kind, target_id=entry.target_id)
    return entries.filter(undoes__isnull=False, facts__after__contains=row).exists()


def locked_topic(entry: LogEntry, by: User) -> Topic:
    """Returns the topic under its lock, so that nothing changes between the checks and the undo."""
    return require_staff_of_section(by, Topic.objects.locked(entry.target_id))


def require_staff_of_section(by: User, topic: Topic) -> Topic:
    """Returns the topic if the person is staff of its section. Called before any message about the topic, because it
    may have been moved to a section that the person does not moderate."""
    require(permissions.is_staff_in(by, topic.section))
    return topic


def require_unchanged(entry: LogEntry, is_unchanged: bool, message: str, *acts: str) -> None:
    """Raises CannotUndo with the message unless nothing has changed; who did it and when is added if the log has one of
    these actions."""
    if not is_unchanged:
        raise CannotUndo(_with_latest(entry, message, acts))


def _with_latest(entry: LogEntry, message: str, acts: tuple[str, ...]) -> str:
    latest = (
        LogEntry.objects.filter(target_kind=entry.target_kind, target_id=entry.target_id, pk__gt=entry.pk)
        .filter(act__in=acts)
        .select_related("by")
        .order_by("-pk")
        .first()
    )
    if latest is None:
        return message
    sentence = _("%(what)s %(name)s did this at %(time)s.")
    return sentence % {"what": message, "name": latest.by.name, "time": format_time(latest.at)}


def rule_of(pk: int | None) -> Rule | None:
    return Rule.objects.filter(pk=pk).first() if pk else None
