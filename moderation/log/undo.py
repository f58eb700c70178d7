"""Undo an action of staff from the log, for thirty days. The undo is an action itself: it checks permissions, takes
locks, and writes a log entry of its own that names the entry it undid."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from accounts.access import actor as access_actor
from accounts.models import LogEntry, Person, User
from forum.access.errors import ActionError, NotAllowed
from forum.access.locks import retry_if_moved
from forum.access.require import require
from moderation.access.errors import AlreadyUndone, CannotUndo
from moderation.approval.approve import undo_approve, undo_reject
from moderation.log import undo_moved_posts, undo_posts, undo_topics
from moderation.log.entries import visible_entries
from moderation.log.undo_members import UNDO_MEMBER_ACTIONS
from moderation.posts.hide_revision import undo_hide_revision, undo_show_revision

UNDO_PERIOD = timedelta(days=30)

# What undoes each action. Each function calls an action with `undoes=` the entry, which writes a log entry of its own,
# or raises CannotUndo with a message. One that finds nothing left to do writes nothing.
UNDO_ACTIONS: dict[str, Callable[[LogEntry, User], None]] = {
    "close": undo_topics.undo_close,
    "reopen": undo_topics.undo_reopen,
    "pin": undo_topics.undo_pin,
    "unpin": undo_topics.undo_unpin,
    "retitle": undo_topics.undo_retitle,
    "edit": undo_posts.undo_edit,
    "highlight": undo_posts.undo_highlight,
    "unhighlight": undo_posts.undo_unhighlight,
    "remove": undo_posts.undo_remove,
    "restore": undo_posts.undo_restore,
    "unfold": undo_posts.undo_unfold,
    "hide_revision": undo_hide_revision,
    "show_revision": undo_show_revision,
    "remove_topic": undo_topics.undo_remove_topic,
    "restore_topic": undo_topics.undo_restore_topic,
    "move_topic": undo_topics.undo_move_topic,
    "merge": undo_moved_posts.undo_merge,
    "split": undo_moved_posts.undo_split,
    "move_posts": undo_moved_posts.undo_split,
    "set_timer": undo_topics.undo_set_auto_close,
    "stop_timer": undo_topics.undo_set_auto_close,
    "slow_down": undo_topics.undo_slow_mode,
    "end_slow_mode": undo_topics.undo_slow_mode,
    "close_by_itself": undo_topics.undo_auto_close,
    "refuse_waiting": undo_reject,
    "let_in": undo_approve,
    **UNDO_MEMBER_ACTIONS,
}


def can_be_undone(person: Person, entry: LogEntry, *, now: datetime | None = None) -> bool:
    """Returns whether the log offers to undo the entry. Whether it is still possible is checked when it is tried."""
    return person.is_staff and entry.act in UNDO_ACTIONS and not _is_undone(entry) and _is_recent(entry, now)


def undo_entry(*, entry: LogEntry, by: User) -> LogEntry:
    """Undoes the action of this entry. Returns the log entry of the undo."""
    return retry_if_moved(lambda: _undo_entry(entry, by))


@transaction.atomic
def _undo_entry(entry: LogEntry, by: User) -> LogEntry:
    access_actor.reload(by)
    # One at a time: a second person waits and then sees that it is undone. Nothing else locks rows of the log.
    entry = LogEntry.objects.select_for_update(of=("self",)).select_related("by").get(pk=entry.pk)
    require(visible_entries(by).filter(pk=entry.pk).exists())
    if entry.act not in UNDO_ACTIONS:
        raise CannotUndo(_("This kind of action cannot be undone here."))
    if _is_undone(entry):
        raise AlreadyUndone(entry.undone_by)
    if not _is_recent(entry, None):
        days = UNDO_PERIOD.days
        message = ngettext(
            "Actions can be undone for %d day only.", "Actions can be undone for %d days only.", days
        )
        raise CannotUndo(message % days)
    UNDO_ACTIONS[entry.act](entry, by)
    if not _is_undone(entry):
        raise CannotUndo(_("There is nothing left to undo."))
    return entry.undone_by


@dataclass
class UndoOutcome:
    """The outcome of undoing several entries together."""

    undone: list[LogEntry] = field(default_factory=list)
    failed: list[tuple[LogEntry, str]] = field(default_factory=list)  # with the reason why not


def undo_entries(*, entries: list[LogEntry], by: User) -> UndoOutcome:
    """Undoes each entry in its own transaction, the newest first. One that cannot be undone does not stop the
    others."""
    outcome = UndoOutcome()
    for entry in sorted(entries, key=lambda entry: (entry.at, entry.pk), reverse=True):
        try:
            undo_entry(entry=entry, by=by)
        except ActionError as error:
            outcome.failed.append((entry, message_of(error)))
        else:
            outcome.undone.append(entry)
    return outcome


def message_of(error: ActionError) -> str:
    """Returns the message that says why the entry was not undone."""
    if isinstance(error, NotAllowed):
        return _("You don’t have permission to do this, or it is no longer possible.")
    return str(error.explanation)


def _is_undone(entry: LogEntry) -> bool:
    """Makes no query after the first call: the entry that undoes it sets `undone_by` (log_action)."""
    return hasattr(entry, "undone_by")


def _is_recent(entry: LogEntry, now: datetime | None) -> bool:
    return entry.at > (now or timezone.now()) - UNDO_PERIOD
