"""Merge a topic into another: its posts become the last of the other, and its address leads there."""

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.record import LogEntry, record
from forum import counting, permissions
from forum.models import ClosingTimer, ListVersion, Merging, MovedPost, Pin, Poll, Topic
from forum.models.draft import place_of_reply
from forum.refusals import NotAllowed
from moderation.carrying import answers_among, carry, put
from moderation.refusals import CannotMove
from notifications.telling import tell

MOST = 2_000  # posts at once: nobody answers in either topic meanwhile

# Whoever has begun an answer in both keeps the one in the other topic where it is, and this one among their drafts.
CARRY_DRAFTS = """
UPDATE forum_draft AS draft SET place = %(into)s
 WHERE place = %(place)s
   AND NOT EXISTS (SELECT FROM forum_draft WHERE member_id = draft.member_id AND place = %(into)s)
"""


@transaction.atomic
def merge_topic(*, topic: Topic, into: Topic, by: User, reason: str = "") -> Merging:
    """Who comes second gets the merging that stands, be it into another topic."""
    if topic.pk == into.pk:
        raise CannotMove("Give the address of another topic.")
    topic, into = Topic.objects.locked_both(topic.pk, into.pk)
    if topic.is_merged and permissions.is_staff_in(by, topic.section):
        return topic.merging
    require_may_merge(by, topic, into)
    at = timezone.now()
    posts = list(topic.posts.with_marks().defer("body", "html").order_by("position")[: MOST + 1])
    if len(posts) > MOST:
        raise CannotMove(
            f"It has more than {MOST:,} posts. Close it, and name the other as what to read instead."
        )
    merging = Merging.objects.create(topic=topic, into=into, merged_by=by, merged_at=at)
    carry(posts, source=topic, target=into, by=by, at=at)
    Pin.objects.filter(topic=topic).delete()
    ClosingTimer.objects.filter(topic=topic).delete()
    topic.write(takes_back=True, is_merged=True, answers=0, closes_at=None, silence_days=None, slow_minutes=0)
    into.last_position += len(posts)
    into.write(
        last_position=into.last_position,
        answers=into.answers + answers_among(posts),
        **counting.newest(into),
    )
    with connection.cursor() as cursor:
        cursor.execute(CARRY_DRAFTS, {"place": place_of_reply(topic.pk), "into": place_of_reply(into.pk)})
    ListVersion.objects.grow_together((topic.section_id, topic.pk, -1), (into.section_id, into.pk, 0))
    record(
        "merge", by=by, target=topic, name=topic.title, why=reason, topic_id=topic.pk,
        section_id=topic.section_id, facts={"into": into.pk, "into_title": into.title, "posts": len(posts)},
    )  # fmt: skip
    if topic.started_by != by and permissions.can_read_topic(topic.started_by, into):
        text = f"Your topic “{topic.title}” went into another, “{into.title}”."
        tell(member=topic.started_by, text=text, url=into.get_absolute_url())
    return merging


def require_may_merge(by: User, topic: Topic, into: Topic) -> None:
    """Asked by the page before there is a form, and again under the locks."""
    if not permissions.can_move(by, topic) or not permissions.can_move(by, into):
        raise NotAllowed
    if into.section.is_archived:
        raise CannotMove("That topic is in an archived section, which takes nothing new.")
    if Poll.objects.filter(topic=topic.pk).exists():
        raise CannotMove(
            "Members vote in this topic, and a vote belongs to its own page. Close it, and name the other as what to"
            " read instead."
        )


@transaction.atomic
def undo_merge(entry: LogEntry, by: User) -> None:
    """Its posts go back to where they were, but for those that were moved on since. What was answered there since
    stays there."""
    topic, into = Topic.objects.locked_both(entry.target_id, entry.facts["into"])
    if not permissions.is_staff_in(by, topic.section) or not permissions.is_staff_in(by, into.section):
        raise NotAllowed
    if not topic.is_merged or topic.merging.into_id != into.pk or into.is_merged:
        raise CannotMove("It is not merged into that topic any more.")
    places = MovedPost.objects.filter(
        topic=topic, moved_at=topic.merging.merged_at, post__topic=into
    ).select_related("post__removal")
    back = list(places.order_by("position"))
    if not back or back[0].position != 1:
        raise CannotMove("Its original post was moved on; there is nothing that the topic could begin with.")
    posts = [place.post for place in back]
    at = timezone.now()
    MovedPost.objects.filter(pk__in=[place.pk for place in back]).delete()
    MovedPost.objects.bulk_create(
        MovedPost(topic=into, position=post.position, post=post, moved_by=by, moved_at=at) for post in posts
    )
    again = set(MovedPost.objects.filter(post__in=posts).exclude(topic=into).values_list("post", flat=True))
    for pks, moved_at in ((again, at), ({post.pk for post in posts} - again, None)):
        of_these = [place for place in back if place.post_id in pks]
        put([p.post_id for p in of_these], [p.position for p in of_these], topic=topic, at=moved_at)
    topic.merging.delete()
    answers = answers_among(posts)
    topic.is_merged = False
    topic.write(is_merged=False, answers=answers_among(posts[1:]), **counting.newest(topic))
    into.write(takes_back=True, answers=into.answers - answers, **counting.newest(into))
    ListVersion.objects.grow_together((topic.section_id, topic.pk, 1), (into.section_id, into.pk, 0))
