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
from django.utils import timezone

from accounts import graphemes
from accounts.models.rules import Rule

WHY_MAX = 200


class LogEntry(models.Model):
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    act = models.CharField(max_length=30)
    why = models.CharField(max_length=WHY_MAX, blank=True)
    target_kind = models.CharField(max_length=20)
    target_id = models.BigIntegerField()
    target_name = models.CharField(max_length=200, blank=True)  # as it was called at the time
    # Where it happened, and whom it concerns: the author of what was acted on, or whoever was acted on.
    topic_id = models.BigIntegerField(null=True)
    section_id = models.BigIntegerField(null=True)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, related_name="+")
    # What was before and after, as far as undoing it asks for it.
    facts = models.JSONField(default=dict)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        # One for each thing that the log is narrowed by; each also gives it in its order.
        indexes = [
            models.Index(fields=["-at", "-id"], name="log_newest_first"),
            models.Index(fields=["act", "-at", "-id"], name="log_by_act"),
            models.Index(fields=["by", "-at", "-id"], name="log_by_actor"),
            models.Index(
                fields=["topic_id", "-at", "-id"],
                name="log_by_topic",
                condition=models.Q(topic_id__isnull=False),
            ),
            models.Index(
                fields=["section_id", "-at", "-id"],
                name="log_by_section",
                condition=models.Q(section_id__isnull=False),
            ),
            models.Index(
                fields=["member", "-at", "-id"],
                name="log_by_member",
                condition=models.Q(member__isnull=False),
            ),
            models.Index(
                fields=["rule", "-at", "-id"], name="log_by_rule", condition=models.Q(rule__isnull=False)
            ),
            models.Index(fields=["target_kind", "target_id"], name="log_by_target"),
        ]


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
