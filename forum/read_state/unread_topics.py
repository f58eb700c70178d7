"""The unread topics of a member, and the counts at the top of every page."""

from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Person
from forum.models import ReadMark, Topic
from forum.models.topic import TopicQuerySet
from forum.web.compiled_queries import sql_for

COUNTED_AMONG = 100  # the newest topics, in which the count at the top of every page looks


def unread_topics(member: Person) -> TopicQuerySet:
    """Returns topics that this member can see, with posts that they have not read."""
    topics = Topic.objects.visible_to(member).listed()
    if not member.is_authenticated:
        return topics.none()
    read = ReadMark.objects.filter(
        position__gte=OuterRef("unread_position"), member=member.pk, topic=OuterRef("pk")
    )
    return topics.filter(~Exists(read), unread_at__gt=member.read_all_until)


COUNTS_SQL = """
SELECT (SELECT count(*) FROM ({newest}) AS topic
         WHERE topic.unread_at > %s
           AND NOT EXISTS (
               SELECT FROM forum_readmark AS mark
                WHERE mark.member_id = %s AND mark.topic_id = topic.id
                  AND mark.position >= topic.unread_position)),
       (SELECT count(*) FROM (SELECT FROM notifications_notification
                               WHERE member_id = %s AND read_at IS NULL LIMIT 100) AS notice)
"""


def _newest(person: Person) -> QuerySet[Any]:
    newest = Topic.objects.visible_to(person).listed().latest_first()
    return newest.values_list("id", "unread_position", "unread_at")[:COUNTED_AMONG]


class UnreadCounts(NamedTuple):
    topics: int  # with unread posts, among the newest
    notices: int  # unread


def unread_counts(member: Person) -> UnreadCounts:
    """Returns the counts at the top of every page, with one bounded query."""
    if not member.is_authenticated:
        return UnreadCounts(0, 0)
    newest, params = sql_for(member, _newest)
    with connection.cursor() as cursor:
        cursor.execute(
            COUNTS_SQL.format(newest=newest), [*params, member.read_all_until, member.pk, member.pk]
        )
        return UnreadCounts(*cursor.fetchone())
