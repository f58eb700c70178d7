"""What a member has not read yet, and how far they have read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.models import Person, User
from core.web.times import to_microseconds
from forum.history.changes_since import has_changed_since
from forum.models import Post, ReadMark, Topic
from forum.models.topic import page_of


@dataclass(frozen=True)
class UnreadOnPage:
    """What is new in a topic, and where it begins."""

    posts: int | None  # None if not counted
    url: str


@dataclass(frozen=True)
class ReadReport:
    """Where and what a page reports about how far its reader has read."""

    url: str
    last: int  # position on this page
    as_of: datetime  # when the page was rendered: later edits are unread

    @property
    def at(self) -> int:
        return to_microseconds(self.as_of)


THANKS_COUNTED = 100  # of the thank-yous since the last visit; beyond this, new posts are not counted


@dataclass(frozen=True)
class PostPosition:
    """The position and time of a post."""

    position: int
    posted_at: datetime
    is_folded: bool = False  # a collapsed thank-you, which does not count as unread


@dataclass(frozen=True)
class ReadProgress:
    """How far a member has read in a topic. `position` is None if they never opened it."""

    position: int | None
    posted_at: datetime | None  # when the post there was written
    read_at: datetime | None
    read_all_until: datetime
    thanks_count: int = 0  # how many posts after that are thank-yous, in a section that collapses them
    as_of: datetime = field(default_factory=timezone.now, compare=False)  # when this was read

    def has_read_all(self, topic: Topic) -> bool:
        return topic.unread_at <= self.read_all_until or topic.unread_position <= (self.position or 0)

    def has_read(self, post: PostPosition) -> bool:
        return post.position <= (self.position or 0) or post.posted_at <= self.read_all_until

    @property
    def since(self) -> datetime:
        """Returns the time of their last visit."""
        return max(self.read_at or self.read_all_until, self.read_all_until)

    def read_before_edit(self, post: Post, person: Person) -> datetime | None:
        """Returns when this person last saw the post, if someone else has edited it since."""
        was_shown = self.position is not None and post.position <= self.position
        if was_shown and post.edited_by_id != person.pk and has_changed_since(post, self.since):
            return self.since
        return None

    def first_unread_position(self, posts: list[PostPosition]) -> int | None:
        """Returns the position on this page before which the line “New since” belongs. None if nothing is new, if
        everything is, or if new posts begin on an earlier page."""
        unread = [post for post in posts if not self.has_read(post)]
        first = next((post for post in unread if not post.is_folded), None)
        if first is None:
            return None
        follows_read_post = unread[0] is not posts[0] or (
            self.position is not None and self.position == unread[0].position - 1
        )
        return first.position if follows_read_post and first.position > 1 else None


# How many thank-yous follow `mark`, up to one more than THANKS_COUNTED. They have their own index.
THANKS_AFTER_SQL = """
(SELECT count(*) FROM (
    SELECT FROM forum_post AS post
     WHERE post.folds AND post.topic_id = who.topic_id AND post.position > coalesce(mark.position, 0)
       AND NOT EXISTS (SELECT FROM forum_removal WHERE forum_removal.post_id = post.id)
     LIMIT 101) AS folding)
"""


def mark_read(*, topic: Topic, by: User, to: int, as_of: datetime, has_changed: bool = False) -> None:
    """Records that `by` has read the posts up to that position, as they were at `as_of`. `has_changed`: one of them had
    been edited since their last visit. The mark never moves back. A failure to write is ignored, for example in a
    read-only database."""
    if getattr(connection, "is_read_only", False):
        return
    last = topic.posts.filter(position__lte=to).order_by("-position").only("position", "posted_at").first()
    try:
        if last and last.posted_at > by.read_all_until:
            ReadMark.objects.advance(
                member=by.pk, topic=topic.pk, position=last.position, posted_at=last.posted_at, read_at=as_of
            )
        if has_changed:
            ReadMark.objects.filter(member=by.pk, topic=topic.pk, read_at__lt=as_of).update(read_at=as_of)
    except DatabaseError:
        if connection.in_atomic_block:  # the owner of the transaction must handle it
            raise


def read_report_of(
    topic: Topic, posts: list[Post], progress: ReadProgress, person: Person, as_of: datetime
) -> ReadReport | None:
    """Returns what a page needs to report how far its reader has read; None if nothing on it would be new."""
    if not posts or person.pk is None:
        return None
    last = PostPosition(posts[-1].position, posts[-1].posted_at)
    if progress.has_read(last) and not any(progress.read_before_edit(post, person) for post in posts):
        return None
    return ReadReport(topic.url_for("read"), last.position, as_of)


def mark_own_post_read(post: Post) -> None:
    """Marks a post as read by its author. Call it where the post is written."""
    ReadMark.objects.advance(
        member=post.author_id,
        topic=post.topic_id,
        position=post.position,
        posted_at=post.posted_at,
        read_at=post.posted_at,
    )


def first_unread(member: User, topic: Topic) -> int:
    """Returns the position of the first unread post, or the last position if everything is read."""
    mark = ReadMark.objects.filter(member=member, topic=topic).values_list("position", flat=True).first()
    # From the end, since there are fewer new posts than old ones. Posts that were moved in are out of order.
    old = topic.posts.filter(posted_at__lte=member.read_all_until, moved_at=None).order_by("-position")
    read_to = max(mark or 0, old.values_list("position", flat=True).first() or 0)
    later_posts = topic.posts.filter(position__gt=read_to, posted_at__gt=member.read_all_until)
    unread_posts = later_posts.filter(folds=False) if topic.section.fold_thanks else later_posts
    positions = topic.posts.order_by("-position").values_list("position", flat=True)
    return unread_posts.order_by("position").values_list("position", flat=True).first() or positions[0]


@dataclass(frozen=True)
class UnreadPosts:
    """That a topic in a list has new posts, and how many if that is known without counting."""

    posts: int | None


READ_MARKS_SQL = """
SELECT who.topic_id, mark.position, mark.posted_at, mark.read_at, {thanks_count}
  FROM unnest(%(topics)s::bigint[]) AS who(topic_id)
  LEFT JOIN forum_readmark AS mark ON mark.member_id = %(member)s AND mark.topic_id = who.topic_id
"""


@dataclass(frozen=True)
class TopicRow:
    """A topic in a list, for one reader."""

    topic: Topic
    unread: UnreadPosts | None = None  # None if everything is read
    url: str = ""  # where they continue reading


def rows_for(person: Person, *lists: Iterable[Topic]) -> list[list[TopicRow]]:
    """Returns the rows of each list, with one query for all of them."""
    topics = [list(topics) for topics in lists]
    progress = _progress_in(person, {topic.pk for topic_list in topics for topic in topic_list})
    return [[_row(topic, progress.get(topic.pk)) for topic in topic_list] for topic_list in topics]


def _progress_in(person: Person, topics: set[int]) -> dict[int, ReadProgress]:
    if not person.is_authenticated or not topics:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            READ_MARKS_SQL.format(thanks_count=THANKS_AFTER_SQL),
            {"member": person.pk, "topics": list(topics)},
        )
        return {
            pk: ReadProgress(position, posted_at, read_at, person.read_all_until, thanks_count)
            for pk, position, posted_at, read_at, thanks_count in cursor.fetchall()
        }


def _row(topic: Topic, progress: ReadProgress | None) -> TopicRow:
    if progress is None:
        return TopicRow(topic, url=topic.get_absolute_url())
    unread = unread_posts_in(topic, progress)
    return TopicRow(topic, unread, _resumes_at(topic, progress, unread) or topic.get_absolute_url())


def _resumes_at(topic: Topic, progress: ReadProgress, unread: UnreadPosts | None) -> str:
    """Returns the URL of the first unread post, or of the last post if they have read everything. Empty if they never
    opened the topic, unless it is older than the last time they marked everything as read."""
    was_available = progress.position is not None or topic.started_at <= progress.read_all_until
    if unread:
        return topic.first_unread_url if was_available else ""
    return topic.newest_url if progress.position is not None and topic.last_position > 1 else ""


def unread_on_page(topic: Topic, posts: list[PostPosition], progress: ReadProgress) -> UnreadOnPage | None:
    """Returns None also if they never opened the topic: everything is new to them."""
    unread = unread_posts_in(topic, progress)
    if unread is None or (progress.position is None and topic.started_at > progress.read_all_until):
        return None
    if progress.first_unread_position(posts):
        return UnreadOnPage(unread.posts, "#new")
    # By page number if possible: showing this page may move the mark past unread posts before it.
    page = (
        f"?page={page_of(progress.position + 1)}"
        if progress.position and unread.posts and not progress.thanks_count
        else ""
    )
    return UnreadOnPage(unread.posts, f"{topic.get_absolute_url()}{page}" if page else topic.first_unread_url)


def unread_posts_in(topic: Topic, progress: ReadProgress) -> UnreadPosts | None:
    if progress.has_read_all(topic):
        return None
    thanks_count = progress.thanks_count if topic.section.fold_thanks else 0
    if thanks_count > THANKS_COUNTED:
        return UnreadPosts(None)
    visible_count = topic.reply_count + 1  # removed posts keep their positions, but are not new
    if progress.position is None:
        return UnreadPosts(
            visible_count - thanks_count if topic.started_at > progress.read_all_until else None
        )
    is_known = (
        topic.last_position == visible_count
        and progress.read_at
        and progress.read_at >= progress.read_all_until
    )
    return UnreadPosts(topic.last_position - progress.position - thanks_count if is_known else None)
