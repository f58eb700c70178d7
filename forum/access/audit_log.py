"""Writes actions on topics, posts and sections to the audit log."""

from typing import Any

from django.db import models

from accounts.audit.log import log_action
from accounts.models import LogEntry, Rule, User
from forum.models import PendingPost, Post, Section, Topic


def record_on(
    act: str,
    subject: Topic | Post | PendingPost | Section,
    *,
    by: User,
    target: models.Model | None = None,
    name: str = "",
    reason: str = "",
    before: Any = None,
    after: Any = None,
    facts: dict[str, Any] | None = None,
    rule: Rule | None = None,
    undoes: LogEntry | None = None,
) -> LogEntry:
    """Logs an action on `subject`, or on a `target` that belongs to it, such as a case. The entry gets the title, topic
    and section that `subject` has at the moment: call it before the action changes them, and in its transaction."""
    title, topic_id, section_id = _location_of(subject)
    return log_action(
        act,
        by=by,
        target=target or subject,
        name=name or title,
        reason=reason,
        before=before,
        after=after,
        facts=facts,
        rule=rule,
        topic_id=topic_id,
        section_id=section_id,
        undoes=undoes,
    )


def _location_of(subject: Topic | Post | PendingPost | Section) -> tuple[str, int | None, int]:
    """Returns its title and the ids of its topic and section."""
    match subject:
        case Section():
            return subject.name, None, subject.pk
        case PendingPost():
            return subject.heading, subject.topic_id, subject.current_section.pk
        case Post():
            return _location_of(subject.topic)
        case Topic():
            return subject.title, subject.pk, subject.section_id
