"""The audit log: one row for each action of staff, written in the transaction of the action.

A row names its target by kind and id, without a foreign key, because accounts/ does not know topics and posts. The
database rejects changing or deleting a row.
"""

from typing import Any

from django.conf import settings
from django.db import models

from accounts.models.log_entry import LogEntry
from accounts.models.rules import Rule
from core.text import graphemes


def log_action(
    act: str,
    *,
    by: models.Model,
    target: models.Model,
    name: str = "",
    reason: str = "",
    before: Any = None,
    after: Any = None,
    facts: dict[str, Any] | None = None,
    rule: Rule | None = None,
    topic_id: int | None = None,
    section_id: int | None = None,
    member_id: int | None = None,
    undoes: LogEntry | None = None,
) -> LogEntry:
    """Logs that `by` did `act` to `target`, and returns the entry. Call it inside the action's transaction.

    `before` and `after`: the values that the action changed, as undo needs them. `facts`: what to store instead, if the
    action has no such values. `member_id`: the member concerned, if that is not the target or its author. `undoes`:
    the entry that this action undoes; its `undone_by` is the new entry from then on."""
    if before is not None or after is not None:
        facts = {"before": before, "after": after}
    return LogEntry.objects.create(
        act=act,
        by_id=by.pk,
        why=reason,
        target_kind=target._meta.model_name or "",
        target_id=target.pk,
        target_name=graphemes.truncate(name, 200),
        topic_id=topic_id,
        section_id=section_id,
        member_id=member_id or _member_concerned(target),
        rule=rule,
        facts=facts or {},
        undoes=undoes,
    )


def _member_concerned(target: models.Model) -> int | None:
    if target._meta.label == settings.AUTH_USER_MODEL:
        return target.pk
    return getattr(target, "author_id", None) or getattr(target, "started_by_id", None)
