"""Vote in a topic’s poll, change the vote, and remove it."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Person, User
from accounts.rate_limiting import rate_counter
from forum.access import permissions
from forum.access.errors import PollClosed
from forum.access.locks import lock_topic
from forum.access.require import not_open_error, require
from forum.models import Poll, PollOption, Post, Topic, Vote

VOTE_LIMIT = rate_counter.Limit("vote", 30, 60)

# Repeated or simultaneous votes make one row for an option, and one for a poll with a single choice.
INSERT_VOTES_SQL = """
INSERT INTO forum_vote (poll_id, option_id, member_id, is_single_choice, voted_at)
SELECT poll_id, id, %s, %s, %s FROM forum_polloption WHERE poll_id = %s AND id = ANY(%s) ORDER BY position
ON CONFLICT DO NOTHING RETURNING option_id
"""


@transaction.atomic
def vote(*, topic: Topic, by: User, options: Collection[int], at: datetime | None = None) -> bool:
    """Replaces the votes of `by` in the topic's poll with votes for these options: one, or several if the poll allows
    it. Returns False if that is their vote already."""
    at = at or timezone.now()
    topic, poll = _locked(topic, by, at)
    chosen = set(options)
    if not chosen or (len(chosen) > 1 and not poll.is_multiple):
        raise ValueError(f"{len(chosen)} options were chosen")
    if not chosen <= set(PollOption.objects.filter(poll=poll).values_list("pk", flat=True)):
        raise ValueError("an option of another poll was chosen")
    before = votes_of(by, poll)
    if chosen == before:
        return False
    has_removed_votes = _delete_votes(poll, by, before - chosen)
    with connection.cursor() as cursor:
        cursor.execute(INSERT_VOTES_SQL, [by.pk, not poll.is_multiple, at, poll.pk, list(chosen - before)])
        new_ids = [pk for (pk,) in cursor.fetchall()]
    PollOption.objects.filter(pk__in=new_ids).update(votes=F("votes") + 1)
    if new_ids and not before:
        Poll.objects.filter(pk=poll.pk).update(voters=F("voters") + 1)
    topic.change(takes_back=has_removed_votes and not poll.is_secret)
    rate_counter.count_action(VOTE_LIMIT, by=by, now=at.timestamp())
    return True


@transaction.atomic
def retract_vote(*, topic: Topic, by: User) -> bool:
    """Returns False if there was no vote."""
    topic, poll = _locked(topic, by, timezone.now())
    if not _delete_votes(poll, by, votes_of(by, poll)):
        return False
    Poll.objects.filter(pk=poll.pk).update(voters=F("voters") - 1)
    topic.change(takes_back=not poll.is_secret)
    return True


def _delete_votes(poll: Poll, by: User, options: Collection[int]) -> bool:
    votes = Vote.objects.filter(poll=poll, member=by, option__in=options)
    option_ids = list(votes.values_list("option", flat=True))
    votes.delete()
    PollOption.objects.filter(pk__in=option_ids).update(votes=F("votes") - 1)
    return bool(option_ids)


def require_may_vote(by: User, topic: Topic, *, at: datetime | None = None) -> Poll:
    """Called before the form is checked, and again under the lock."""
    poll = Poll.objects.get(topic=topic.pk)
    poll.topic = topic
    original = Post.objects.select_related("removal").get(topic=topic.pk, position=1)
    original.topic = topic
    if not permissions.can_vote(by, original):
        is_visible = not original.is_removed
        raise not_open_error(
            topic, could_write_if_open=is_visible and permissions.can_reply_in(by, topic.section)
        )
    if poll.is_over(at):
        raise PollClosed(poll)
    return poll


def _locked(topic: Topic, by: User, at: datetime) -> tuple[Topic, Poll]:
    topic = lock_topic(topic, by=by)
    require(Poll.objects.filter(topic=topic.pk).exists())
    return topic, require_may_vote(by, topic, at=at)


def votes_of(person: Person, poll: Poll) -> frozenset[int]:
    """Returns the options that this person voted for. Call it only for the person who asks."""
    if not person.is_authenticated:
        return frozenset()
    return frozenset(Vote.objects.filter(poll=poll, member=person).values_list("option", flat=True))
