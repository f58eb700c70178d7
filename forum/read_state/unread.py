"""What a member has not read yet, and how far they have."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import DatabaseError, connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Person, User
from core.web.prepared_statements import prepared
from forum.history.changes_since import has_changed_since
from forum.models import Post, ReadMark, Topic
from forum.models.topic import TopicQuerySet, page_of
from forum.web.compiled_queries import sql_for

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class NewsOnPage:
    """What is new in a topic, and where that begins."""

    posts: int | None  # where nobody has counted
    address: str


@dataclass(frozen=True)
class Reading:
    """Where a page tells how far its reader has come."""

    address: str
    last: int  # position on this page
    as_of: datetime  # when the page was made: what is edited later they have not read

    @property
    def at(self) -> int:
        return (self.as_of - BEGINNING) // timedelta(microseconds=1)


COUNTED_AMONG = 100  # the newest topics, which the count in the head of every page looks at
FOLDING_COUNTED = 100  # of the thanks since somebody's last visit; beyond, how much is new is not said


@dataclass(frozen=True)
class Place:
    """Where a post stands and since when."""

    position: int
    posted_at: datetime
    is_folded: bool = False  # thanks among others, and no news


@dataclass(frozen=True)
class Reached:
    """How far a member has read in a topic. `position` is None where they have never been."""

    position: int | None
    posted_at: datetime | None  # when the post there was written
    read_at: datetime | None
    caught_up_at: datetime
    folding: int = 0  # how many posts after that fold, in a section that folds
    as_of: datetime = field(default_factory=timezone.now, compare=False)  # when this was asked

    def has_read_all(self, topic: Topic) -> bool:
        return topic.news_at <= self.caught_up_at or topic.news_position <= (self.position or 0)

    def has_read(self, place: Place) -> bool:
        return place.position <= (self.position or 0) or place.posted_at <= self.caught_up_at

    @property
    def since(self) -> datetime:
        """Their last visit."""
        return max(self.read_at or self.caught_up_at, self.caught_up_at)

    def read_before_edit(self, post: Post, person: Person) -> datetime | None:
        """When this person was last shown the post, if somebody else has edited it since."""
        was_shown = self.position is not None and post.position <= self.position
        if was_shown and post.edited_by_id != person.pk and has_changed_since(post, self.since):
            return self.since
        return None

    def news_begin_at(self, places: list[Place]) -> int | None:
        """The position on this page before which the line belongs that says what is new; None without one: where
        nothing is new, or everything, or where the news begin on an earlier page."""
        unread = [place for place in places if not self.has_read(place)]
        first = next((place for place in unread if not place.is_folded), None)
        if first is None:
            return None
        follows_what_was_read = unread[0] is not places[0] or (
            self.position is not None and self.position == unread[0].position - 1
        )
        return first.position if follows_what_was_read and first.position > 1 else None


# Of `who` read `mark`: how many posts after it fold, up to one more than FOLDING_COUNTED. They have their own index.
FOLDING = """
(SELECT count(*) FROM (
    SELECT FROM forum_post AS post
     WHERE post.folds AND post.topic_id = who.topic_id AND post.position > coalesce(mark.position, 0)
       AND NOT EXISTS (SELECT FROM forum_removal WHERE forum_removal.post_id = post.id)
     LIMIT 101) AS folding)
"""


def mark_read(*, topic: Topic, by: User, to: int, as_of: datetime, has_changed: bool = False) -> None:
    """`by` has read the posts up to that position, as they were at that moment; `has_changed`: among them one that said
    something else before. Further back than the mark, nothing is written; and what was read is nothing to fail for: a
    database that takes no writes just forgets."""
    if getattr(connection, "is_read_only", False):
        return
    last = topic.posts.filter(position__lte=to).order_by("-position").only("position", "posted_at").first()
    try:
        if last and last.posted_at > by.caught_up_at:
            ReadMark.objects.advance(
                member=by.pk, topic=topic.pk, position=last.position, posted_at=last.posted_at, read_at=as_of
            )
        if has_changed:
            ReadMark.objects.filter(member=by.pk, topic=topic.pk, read_at__lt=as_of).update(read_at=as_of)
    except DatabaseError:
        if connection.in_atomic_block:  # nobody's page; whoever began the transaction must know
            raise


def reading_of(
    topic: Topic, posts: list[Post], reached: Reached, person: Person, as_of: datetime
) -> Reading | None:
    """What a page needs to tell how far its reader has come; None where nothing on it would be new."""
    if not posts or person.pk is None:
        return None
    last = Place(posts[-1].position, posts[-1].posted_at)
    if reached.has_read(last) and not any(reached.read_before_edit(post, person) for post in posts):
        return None
    return Reading(topic.url_for("read"), last.position, as_of)


def mark_own(post: Post) -> None:
    """Who has written a post has read it; call it where it is written."""
    ReadMark.objects.advance(
        member=post.author_id,
        topic=post.topic_id,
        position=post.position,
        posted_at=post.posted_at,
        read_at=post.posted_at,
    )


def unread_topics(member: Person) -> TopicQuerySet:
    """Topics that this member may see with posts that they have not been shown."""
    topics = Topic.objects.visible_to(member).listed()
    if not member.is_authenticated:
        return topics.none()
    read = ReadMark.objects.filter(
        position__gte=OuterRef("news_position"), member=member.pk, topic=OuterRef("pk")
    )
    return topics.filter(~Exists(read), news_at__gt=member.caught_up_at)


WAITING = """
SELECT (SELECT count(*) FROM ({newest}) AS topic
         WHERE topic.news_at > %s
           AND NOT EXISTS (
               SELECT FROM forum_readmark AS mark
                WHERE mark.member_id = %s AND mark.topic_id = topic.id
                  AND mark.position >= topic.news_position)),
       (SELECT count(*) FROM (SELECT FROM notifications_notice
                               WHERE member_id = %s AND read_at IS NULL LIMIT 100) AS notice)
"""


def _newest(person: Person) -> QuerySet[Any]:
    newest = Topic.objects.visible_to(person).listed().latest_first()
    return newest.values_list("id", "news_position", "news_at")[:COUNTED_AMONG]


class Waiting(NamedTuple):
    topics: int  # of the newest, those with something unread
    notices: int  # that the member was told and has not read


def waiting_for(member: Person) -> Waiting:
    """What the head of every page counts: a bounded look, and one query for both."""
    if not member.is_authenticated:
        return Waiting(0, 0)
    newest, params = sql_for(member, _newest)
    with prepared(), connection.cursor() as cursor:
        cursor.execute(WAITING.format(newest=newest), [*params, member.caught_up_at, member.pk, member.pk])
        return Waiting(*cursor.fetchone())


def unread_count(member: Person) -> int:
    return waiting_for(member).topics


def first_unread(member: User, topic: Topic) -> int:
    """The position that a link to the first unread post leads to; the last one where everything is read."""
    mark = ReadMark.objects.filter(member=member, topic=topic).values_list("position", flat=True).first()
    # From the end, since what is new is less than what is old; what was moved in stands behind what is newer.
    old = topic.posts.filter(posted_at__lte=member.caught_up_at, moved_at=None).order_by("-position")
    read_to = max(mark or 0, old.values_list("position", flat=True).first() or 0)
    rest = topic.posts.filter(position__gt=read_to, posted_at__gt=member.caught_up_at)
    news = rest.filter(folds=False) if topic.section.fold_thanks else rest
    at_last = topic.posts.order_by("-position").values_list("position", flat=True)
    return news.order_by("position").values_list("position", flat=True).first() or at_last[0]


@dataclass(frozen=True)
class News:
    """That a topic in a list has something new, and how much where that is known without counting."""

    posts: int | None


MARKS = """
SELECT who.topic_id, mark.position, mark.posted_at, mark.read_at, {folding}
  FROM unnest(%(topics)s::bigint[]) AS who(topic_id)
  LEFT JOIN forum_readmark AS mark ON mark.member_id = %(member)s AND mark.topic_id = who.topic_id
"""


@dataclass(frozen=True)
class TopicRow:
    """A topic in a list, for one reader."""

    topic: Topic
    news: News | None = None  # what they have not read of it
    url: str = ""  # where its title leads: to where they go on reading


def rows_for(person: Person, *lists: Iterable[Topic]) -> list[list[TopicRow]]:
    """The rows of each list; what is unread in all of them is one query."""
    topics = [list(topics) for topics in lists]
    reached = _reached_in(person, {topic.pk for of_list in topics for topic in of_list})
    return [[_row(topic, reached.get(topic.pk)) for topic in of_list] for of_list in topics]


def _reached_in(person: Person, topics: set[int]) -> dict[int, Reached]:
    if not person.is_authenticated or not topics:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(MARKS.format(folding=FOLDING), {"member": person.pk, "topics": list(topics)})
        return {
            pk: Reached(position, posted_at, read_at, person.caught_up_at, folding)
            for pk, position, posted_at, read_at, folding in cursor.fetchall()
        }


def _row(topic: Topic, reached: Reached | None) -> TopicRow:
    if reached is None:
        return TopicRow(topic, url=topic.get_absolute_url())
    news = news_of(topic, reached)
    return TopicRow(topic, news, _resumes_at(topic, reached, news) or topic.get_absolute_url())


def _resumes_at(topic: Topic, reached: Reached, news: News | None) -> str:
    """The first post that this member has not read; where they have read all, the last. Who has never been there begins
    at the beginning, but for what is new since they marked everything as read."""
    has_begun = reached.position is not None or topic.started_at <= reached.caught_up_at
    if news:
        return topic.first_unread_url if has_begun else ""
    return topic.newest_url if reached.position is not None and topic.last_position > 1 else ""


def news_on_page(topic: Topic, places: list[Place], reached: Reached) -> NewsOnPage | None:
    """None also to who has never been there: to them everything is new, and the page begins with it."""
    news = news_of(topic, reached)
    if news is None or (reached.position is None and topic.started_at > reached.caught_up_at):
        return None
    if reached.news_begin_at(places):
        return NewsOnPage(news.posts, "#new")
    # By page where it is known: this very page may take the mark past what is unread before it.
    page = (
        f"?page={page_of(reached.position + 1)}"
        if reached.position and news.posts and not reached.folding
        else ""
    )
    return NewsOnPage(news.posts, f"{topic.get_absolute_url()}{page}" if page else topic.first_unread_url)


def news_of(topic: Topic, reached: Reached) -> News | None:
    if reached.has_read_all(topic):
        return None
    folding = reached.folding if topic.section.fold_thanks else 0
    if folding > FOLDING_COUNTED:
        return News(None)
    standing = topic.answers + 1  # what is removed takes a position, and is no news
    if reached.position is None:
        return News(standing - folding if topic.started_at > reached.caught_up_at else None)
    is_known = topic.last_position == standing and reached.read_at and reached.read_at >= reached.caught_up_at
    return News(topic.last_position - reached.position - folding if is_known else None)
