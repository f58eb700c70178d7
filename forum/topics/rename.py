"""Change the title of a topic."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import LogEntry, User
from accounts.rate_limiting import rate_counter
from forum.access import permissions
from forum.access.audit_log import record_on
from forum.access.errors import TitleConflict
from forum.access.locks import lock_topic
from forum.access.require import require_may_rename
from forum.antispam.check import EDIT_LIMIT, check_words, notify_staff
from forum.models import TitleChange, Topic
from forum.search_index.store import index_original


def rename_topic(
    *,
    topic: Topic,
    by: User,
    title: str,
    version: int,
    reason: str = "",
    at: datetime | None = None,
    undoes: LogEntry | None = None,
) -> Topic:
    """Changes the title. `version` is the title_version the writer started from."""
    flag = check_words(title, before=topic.title, by=by, section=topic.section, field="title")
    with transaction.atomic():
        topic = lock_topic(topic, by=by)
        require_may_rename(by, topic)
        if title == topic.title:
            return topic
        if topic.title_version != version:
            raise TitleConflict(topic)
        change = TitleChange.objects.create(
            topic=topic,
            number=version + 1,
            was=topic.title,
            became=title,
            changed_by=by,
            changed_at=at or timezone.now(),
            reason=reason,
        )
        if undoes or permissions.rename_needs_reason(by, topic):
            before, after = {"title": topic.title}, {"title": title, "version": change.number}
            record_on("retitle", topic, by=by, reason=reason, before=before, after=after, undoes=undoes)
        topic.title, topic.title_version = title, change.number
        topic.change(takes_back=True, title=title, title_version=change.number)
        index_original(topic)
        if flag:
            notify_staff(topic.posts.earliest("position"), flag)
        rate_counter.count_action(EDIT_LIMIT, by=by)
    return topic
