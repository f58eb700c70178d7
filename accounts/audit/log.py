"""The record of moderation: one row for every act of staff, written in the transaction of the act itself.

It names its target by kind and id and holds no key to it: accounts/ knows nothing of topics and posts. It is only ever
added to: the database itself refuses to change or delete a row of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import models

from accounts.models.log_entry import LogEntry
from accounts.models.rules import Rule
from core.text import graphemes


def record(
    act: str,
    *,
    by: models.Model,
    target: models.Model,
    name: str = "",
    why: str = "",
    topic_id: int | None = None,
    section_id: int | None = None,
    rule: Rule | None = None,
    facts: dict[str, Any] | None = None,
    member_id: int | None = None,
) -> LogEntry:
    """Write what `by` did to `target`; call it inside the transaction of the act. `facts`: what undoing it needs to
    know. `member_id`: whom it concerns, where the target does not say it by itself (whoever wrote or started it)."""
    undoing_now = _undoing_now.get()
    entry = LogEntry.objects.create(
        act=act,
        by_id=by.pk,
        why=why,
        target_kind=target._meta.model_name or "",
        target_id=target.pk,
        target_name=graphemes.cut(name, 200),
        topic_id=topic_id,
        section_id=section_id,
        member_id=member_id or _concerned(target),
        rule=rule,
        facts=facts or {},
        undoes=undoing_now.entry if undoing_now and not undoing_now.written else None,
    )
    if undoing_now:
        undoing_now.written.append(entry)
    return entry


@dataclass(frozen=True)
class Undoing:
    entry: LogEntry
    written: list[LogEntry] = field(default_factory=list)


_undoing_now: ContextVar[Undoing | None] = ContextVar("what is being undone", default=None)


def is_undoing() -> bool:
    """Is the act that asks done to undo another? Then it is one of staff, and recorded, whoever wrote the post."""
    return _undoing_now.get() is not None


@contextmanager
def undoing(entry: LogEntry) -> Iterator[Undoing]:
    """The first row that is written inside names `entry` as what it undid. What undoes an act is an act like others,
    with a row of its own; so it need not know why it is done."""
    now = Undoing(entry)
    token = _undoing_now.set(now)
    try:
        yield now
    finally:
        _undoing_now.reset(token)


def _concerned(target: models.Model) -> int | None:
    if target._meta.label == settings.AUTH_USER_MODEL:
        return target.pk
    return getattr(target, "author_id", None) or getattr(target, "started_by_id", None)
