"""Merge a topic into another: its posts become the last of the other, and its address leads there."""

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.audit.log import record
from accounts.models import User
from forum.access import locks as locking, permissions
from forum.access.errors import NotAllowed
from forum.models import ClosingTimer, ListVersion, Merging, Pin, Poll, Topic
from forum.models.draft import place_of_reply
from forum.topics import activity as counting
from moderation.access.errors import CannotMove
from moderation.topics.transfer_posts import answers_among, carry
from notifications.inbox.notify import tell

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
    topic, into = locking.locked_topics(topic.pk, into.pk, by=by)
    if topic.is_merged and permissions.is_staff_in(by, topic.section):
        if not permissions.can_read_topic(by, topic.merging.into):
            raise NotAllowed  # where it went is not theirs to know
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
    lead_to(topic, into)
    into.last_position += len(posts)
    into.write(
        last_position=into.last_position,
        answers=into.answers + answers_among(posts),
        **counting.newest(into),
    )
    ListVersion.objects.grow_together((topic.section_id, topic.pk, -1), (into.section_id, into.pk, 0))
    record(
        "merge",
        by=by,
        target=topic,
        name=topic.title,
        why=reason,
        topic_id=topic.pk,
        section_id=topic.section_id,
        facts={"before": None, "after": {"into": into.pk, "into_title": into.title, "posts": len(posts)}},
    )
    if topic.started_by != by and permissions.can_read_topic(topic.started_by, into):
        text = f"Your topic “{topic.title}” went into another, “{into.title}”."
        tell(member=topic.started_by, text=text, url=into.get_absolute_url())
    return merging


def lead_to(topic: Topic, into: Topic) -> None:
    """What hangs on a topic in which nothing is left. Called under the locks of both."""
    Pin.objects.filter(topic=topic).delete()
    ClosingTimer.objects.filter(topic=topic).delete()
    topic.write(takes_back=True, is_merged=True, answers=0, closes_at=None, silence_days=None, slow_minutes=0)
    try:
        _carry_drafts(topic, into)
    except IntegrityError:  # a draft was being saved there that the statement could not see yet; now it does
        _carry_drafts(topic, into)


@transaction.atomic
def _carry_drafts(topic: Topic, into: Topic) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CARRY_DRAFTS, {"place": place_of_reply(topic.pk), "into": place_of_reply(into.pk)})


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
