"""Two moderators on one topic, or moving posts both ways: one order of locks, one row in the log, nothing lost."""

import time
from functools import partial

import pytest
from django.db import OperationalError

from accounts.models import LogEntry, User
from forum.access.errors import ActionError
from forum.models import Post, SectionVersion, Topic
from forum.models.section_version import SectionVersionManager
from forum.models.topic import TopicQuerySet
from moderation.posts.remove import remove_post
from moderation.topics.merge import merge_topic
from moderation.topics.move import move_topic
from moderation.topics.remove import remove_topic
from moderation.topics.split import move_posts, split_posts
from tests.conftest import reply_to, start
from tests.races.crowd import count_deadlocks
from tests.races.drift import find_inconsistencies
from tests.support.concurrency import disable_locks, only_errors, run_concurrently
from tests.support.drills import rounds

pytestmark = pytest.mark.django_db(transaction=True)


def move_posts_both_ways(one: Topic, other: Topic, by: User, again: User) -> list:
    """Two people move posts between the same two topics, in opposite directions."""
    there, back = (topic.posts.order_by("-position").first().pk for topic in (one, other))
    return run_concurrently(
        partial(move_posts, topic=one, posts=[there], into=other, by=by),
        partial(move_posts, topic=other, posts=[back], into=one, by=again),
    )


@pytest.fixture
def two_topics(talk, news, mia, noor) -> tuple[Topic, Topic]:
    """Two topics in two sections, each with replies."""
    topics = (start(talk, mia, "One"), start(news, mia, "Other"))
    for topic in topics:
        for _ in range(3):
            reply_to(topic, noor)
    return topics


def pause_between_locks(monkeypatch, *, sort: bool) -> None:
    """Pauses between locking one topic and the other; in the order that all code keeps, or as they were named."""

    def locked_both(self, one: int, other: int) -> tuple[Topic, Topic]:
        rows = {}
        for pk in sorted((one, other)) if sort else (one, other):
            rows[pk] = self.locked(pk)
            time.sleep(0.1)
        return rows[one], rows[other]

    monkeypatch.setattr(TopicQuerySet, "locked_both", locked_both)


@pytest.mark.slow
def test_moves_in_opposite_directions_do_not_deadlock(two_topics, mia, noor, monkeypatch):
    pause_between_locks(monkeypatch, sort=True)
    before = count_deadlocks()
    assert only_errors(move_posts_both_ways(*two_topics, mia, noor)) == []
    assert (count_deadlocks(), find_inconsistencies()) == (before, [])


@pytest.mark.slow
def test_control_unsorted_locks_deadlock(two_topics, mia, noor, monkeypatch):
    """The control: if topics were locked in the order named, PostgreSQL would have to end the deadlock."""
    pause_between_locks(monkeypatch, sort=False)
    before = count_deadlocks()
    errors = only_errors(move_posts_both_ways(*two_topics, mia, noor))
    assert [type(error) for error in errors] == [OperationalError]
    assert "deadlock detected" in str(errors[0])
    assert count_deadlocks() == before + 1


@pytest.mark.slow
def test_section_counters_are_locked_in_one_order(talk, news, mia, noor, monkeypatch):
    """The control for lists: two topics of one shard move to each other's sections."""
    one = start(talk, mia, "One")
    other = next(t for t in iter(lambda: start(news, mia, "Other"), None) if t.pk % 16 == one.pk % 16)
    grow = SectionVersionManager.grow

    def slowly(self, **said) -> None:
        grow(self, **said)
        time.sleep(0.1)

    monkeypatch.setattr(SectionVersionManager, "grow", slowly)
    moves = (
        partial(move_topic, topic=one, to=news, by=mia),
        partial(move_topic, topic=other, to=talk, by=noor),
    )
    before = count_deadlocks()
    assert only_errors(run_concurrently(*moves)) == []
    assert (count_deadlocks(), find_inconsistencies()) == (before, [])

    def as_they_come(self, *grown) -> None:
        for section, topic, topics in grown:
            self.grow(section=section, topic=topic, topics=topics)

    monkeypatch.setattr(SectionVersionManager, "bump_all", as_they_come)
    backs = (
        partial(move_topic, topic=one, to=talk, by=mia),
        partial(move_topic, topic=other, to=news, by=noor),
    )
    assert len(only_errors(run_concurrently(*backs))) == 1
    assert count_deadlocks() == before + 1


def test_control_without_locks_counters_drift(two_topics, mia, noor, monkeypatch):
    """The control for drift: a reply and a removal that both read before either writes."""
    topic, _ = two_topics
    post = topic.posts.get(position=2)
    disable_locks(monkeypatch, TopicQuerySet, people=2)
    run_concurrently(partial(reply_to, topic, mia), partial(remove_post, post=post, by=mia, reason="Spam."))
    assert find_inconsistencies() != []


PAIRS = {
    "remove and remove": (
        lambda topic, other, by: remove_topic(topic=topic, by=by, reason="Spam."),
        lambda topic, other, by: remove_topic(topic=topic, by=by, reason="Rude."),
    ),
    "move and remove": (
        lambda topic, other, by: move_topic(topic=topic, to=other.section, by=by),
        lambda topic, other, by: remove_topic(topic=topic, by=by, reason="Rude."),
    ),
    "merge and split": (
        lambda topic, other, by: merge_topic(topic=topic, into=other, by=by),
        lambda topic, other, by: split_posts(
            topic=topic, posts=[topic.posts.get(position=2).pk], section=topic.section, title="Split", by=by
        ),
    ),
    "merge each into the other": (
        lambda topic, other, by: merge_topic(topic=topic, into=other, by=by),
        lambda topic, other, by: merge_topic(topic=other, into=topic, by=by),
    ),
    "merge and reply": (
        lambda topic, other, by: merge_topic(topic=topic, into=other, by=by),
        lambda topic, other, by: reply_to(topic, by),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("times", [2, pytest.param(rounds(200), marks=pytest.mark.drill, id="drill")])
def test_concurrent_pair_of_topic_actions_stays_consistent(talk, news, mia, noor, pair, times):
    before = count_deadlocks()
    for _ in range(times):
        topic, other = start(talk, mia, "One"), start(news, mia, "Other")
        for one in (topic, other):
            reply_to(one, noor)
        first, second = PAIRS[pair]
        outcomes = run_concurrently(partial(first, topic, other, mia), partial(second, topic, other, noor))
        assert [
            error
            for error in only_errors(outcomes)
            if not isinstance(error, (ActionError, Post.DoesNotExist))
        ] == []
        assert find_inconsistencies() == []
        topic.refresh_from_db()
        if pair == "remove and remove":
            assert LogEntry.objects.filter(act="remove_topic", target_id=topic.pk).count() == 1
        if pair == "merge each into the other":
            assert LogEntry.objects.filter(act="merge", target_id__in=[topic.pk, other.pk]).count() == 1
    assert count_deadlocks() == before
    assert SectionVersion.objects.exists()
