"""The first query of a topic page: whether this person can see the topic, its version, how far they have read, and what
else of theirs has to be looked up."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Person
from forum.drafts.store import ShownDraft
from forum.models import Topic
from forum.models.draft import reply_draft_key
from forum.read_state.unread import THANKS_AFTER_SQL, ReadProgress
from forum.topic_page.reader_marks import reports_module
from forum.web.compiled_queries import TOPIC, sql_for

HAS_STAFF_NOTES_SQL = "EXISTS (SELECT FROM forum_staffreply AS note WHERE note.topic_id = who.topic_id)"
STATE_SQL = """
SELECT topic.version, topic.last_position, coalesce(epoch.number, 0), mark.position, mark.posted_at,
       mark.read_at, {thanks_count}, EXISTS (SELECT FROM forum_bookmark AS saved WHERE saved.member_id = who.member_id),
       {has_reported}, {has_staff_notes},
       EXISTS (SELECT FROM forum_pendingpost AS text WHERE text.topic_id = who.topic_id AND text.resolved_at IS NULL),
       draft.id, draft.version, draft.body, draft.updated_at
  FROM ({topic}) AS topic
 CROSS JOIN (SELECT %s::bigint AS member_id, %s::bigint AS topic_id) AS who
  LEFT JOIN accounts_siteversion AS epoch ON epoch.id = 1
  LEFT JOIN forum_readmark AS mark ON mark.member_id = who.member_id AND mark.topic_id = who.topic_id
  LEFT JOIN forum_draft AS draft ON draft.member_id = who.member_id AND draft.place = %s
   AND NOT EXISTS (SELECT FROM forum_post AS sent
                    WHERE sent.author_id = draft.member_id AND sent.submission_key = draft.submission_key)
"""


class Row(NamedTuple):
    version: int
    last_position: int
    epoch: int
    position: int | None
    posted_at: datetime | None
    read_at: datetime | None
    thanks_count: int
    has_bookmarks: bool
    has_reported: bool
    has_staff_notes: bool
    has_pending: bool
    draft: int | None
    draft_version: int
    body: str
    updated_at: datetime


@dataclass(frozen=True)
class TopicPageState:
    version: int
    last_position: int
    epoch: int
    progress: ReadProgress | None  # None for guests
    draft: ShownDraft | None  # of a reply
    has_marks: bool = False  # bookmarked or reported anything, anywhere
    has_staff_replies: bool = (
        False  # looked up only for staff; the query of the notes checks who can read them
    )
    has_pending: bool = False  # there are posts awaiting approval, and this person can see some


def _requested_topic(person: Person) -> QuerySet[Any]:
    return Topic.objects.visible_to(person).filter(pk=TOPIC).values_list("version", "last_position")


def topic_page_state(person: Person, topic: int) -> TopicPageState | None:
    """Returns None if this person can’t see the topic."""
    as_of = timezone.now()
    topic_sql, params = sql_for(person, _requested_topic, topic=topic)
    with connection.cursor() as cursor:
        ids = [person.pk, topic, reply_draft_key(topic)]
        has_reported = reports_module().HAS_REPORTED if person.is_authenticated else "FALSE"
        has_staff_notes = HAS_STAFF_NOTES_SQL if person.is_staff else "FALSE"
        sql = STATE_SQL.format(
            topic=topic_sql,
            thanks_count=THANKS_AFTER_SQL,
            has_staff_notes=has_staff_notes,
            has_reported=has_reported,
        )
        cursor.execute(sql, [*params, *ids])
        values = cursor.fetchone()
    if values is None:
        return None
    row = Row(*values)
    state = TopicPageState(row.version, row.last_position, row.epoch, progress=None, draft=None)
    if not person.is_authenticated:
        return state
    mark = row.position, row.posted_at, row.read_at
    return replace(
        state,
        progress=ReadProgress(*mark, person.read_all_until, row.thanks_count, as_of),
        draft=_draft_of(row, topic),
        has_marks=row.has_bookmarks or row.has_reported,
        has_staff_replies=row.has_staff_notes,
        has_pending=row.has_pending and (person.texts_waiting > 0 or person.is_staff),
    )


def _draft_of(row: Row, topic: int) -> ShownDraft | None:
    if row.draft is None:
        return None
    return ShownDraft(row.draft, reply_draft_key(topic), row.draft_version, row.body, row.updated_at)
